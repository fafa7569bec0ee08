package io.llmsizing.model;

/**
 * Parameters of a model, by the definitions in use. "Active" has no common one, so there are three; speculative blocks
 * and vision towers are apart from all of them.
 *
 * @param total the language model: each tensor once, routing corrections included; 671,026,419,200 for DeepSeek-V3
 * @param active what one token touches, embedding and head both counted: 37,552,297,472 for DeepSeek-V3
 * @param activeWithoutInputEmbedding the same without a table that is only looked up: 36,625,618,432, the "37B" of
 *     DeepSeek-V3's authors; a tied table stays, since the head multiplies by it
 * @param activeWithoutEmbeddings the same without embedding and head: 35,698,939,392
 * @param speculative multi-token prediction without its copies of embedding and head
 * @param speculativeCopies those copies, which checkpoints store
 * @param vision the vision tower with its projector
 */
public record ParameterCount(
        long total,
        long active,
        long activeWithoutInputEmbedding,
        long activeWithoutEmbeddings,
        long speculative,
        long speculativeCopies,
        long vision) {
    static ParameterCount of(Model model) {
        long total = 0;
        long active = 0;
        long speculative = 0;
        long copies = 0;
        long vision = 0;
        for (TensorBlock block : model.blocks()) {
            switch (block.part()) {
                case SPECULATIVE -> speculative = Math.addExact(speculative, block.elements());
                case SPECULATIVE_COPIES -> copies = Math.addExact(copies, block.elements());
                case VISION -> vision = Math.addExact(vision, block.elements());
                default -> {
                    total = Math.addExact(total, block.elements());
                    active = Math.addExact(active, block.activeElements());
                }
            }
        }
        long table = Math.multiplyExact(model.embedding().vocabulary(), model.embeddedWidth());
        boolean tied = model.embedding().tied() && !model.embedding().headless();
        long head = model.embedding().tied() ? 0 : table;
        return new ParameterCount(
                total, active, tied ? active : active - table, active - table - head, speculative, copies, vision);
    }
}
