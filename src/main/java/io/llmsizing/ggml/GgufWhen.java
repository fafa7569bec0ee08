package io.llmsizing.ggml;

/** When a rule of a mix holds: for which model, and at which place among the tensors of a kind. */
enum GgufWhen {
    /** Without condition. */
    ALWAYS,
    /** Eight routed experts, as Mixtral has. */
    EIGHT_EXPERTS,
    /** Any other number of experts, or none. */
    NOT_EIGHT_EXPERTS,
    /** Four or more query heads to a cached head. */
    GROUPED_BY_FOUR,
    /** The same, or four or more experts. */
    GROUPED_BY_FOUR_OR_FOUR_EXPERTS,
    /** A dense model of 80 layers with eight query heads to a cached one, as the models of 70 billion parameters are. */
    EIGHTY_DENSE_LAYERS_GROUPED_BY_EIGHT,
    /** The first two tensors of the kind. */
    FIRST_TWO,
    /** The first four tensors of the kind. */
    FIRST_FOUR,
    /** A layer in the first eighth. */
    FIRST_EIGHTH,
    /** A layer in the first sixteenth. */
    FIRST_SIXTEENTH,
    /** Fewer tensors of the kind before it than an eighth of the layers. */
    COUNTED_IN_FIRST_EIGHTH,
    /** A layer in neither the first nor the last eighth. */
    MIDDLE,
    /** The first eighth, the last eighth and every third between. */
    MORE_BITS,
    /** The same, in a model of eight experts. */
    MORE_BITS_OF_EIGHT_EXPERTS;

    /**
     * Whether the rule holds.
     *
     * @param model the model
     * @param place index of the layer, or of the tensor among those of its kind, from 0
     * @param places how many there are
     * @param before tensors of the kind before this one
     */
    boolean holds(GgufModel model, int place, int places, int before) {
        return switch (this) {
            case ALWAYS -> true;
            case EIGHT_EXPERTS -> model.experts() == 8;
            case NOT_EIGHT_EXPERTS -> model.experts() != 8;
            case GROUPED_BY_FOUR -> model.queryGroup() >= 4;
            case GROUPED_BY_FOUR_OR_FOUR_EXPERTS -> model.queryGroup() >= 4 || model.experts() >= 4;
            case EIGHTY_DENSE_LAYERS_GROUPED_BY_EIGHT -> model.isEightyLayersGroupedByEight();
            case FIRST_TWO -> before < 2;
            case FIRST_FOUR -> before < 4;
            case FIRST_EIGHTH -> place < places / 8;
            case FIRST_SIXTEENTH -> place < places / 16;
            case COUNTED_IN_FIRST_EIGHTH -> before < places / 8;
            case MIDDLE -> place >= places / 8 && place < 7 * places / 8;
            case MORE_BITS -> moreBits(place, places);
            case MORE_BITS_OF_EIGHT_EXPERTS -> model.experts() == 8 && moreBits(place, places);
        };
    }

    private static boolean moreBits(int place, int places) {
        int eighth = places / 8;
        return place < eighth || place >= 7 * places / 8 || (place - eighth) % 3 == 2;
    }
}
