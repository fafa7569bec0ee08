package io.llmsizing.tensor;

/** What a weight tensor does in the network. Quantisation schemes are written in terms of these roles. */
public enum TensorRole {
    /** The token embedding table. */
    EMBEDDING,
    /** The output head, where it is not the embedding again. */
    OUTPUT_HEAD,
    /** A normalisation's gain or bias. */
    NORM,
    /** The bias vector of a linear layer. */
    BIAS,
    /** A linear layer of an attention block. */
    ATTENTION,
    /** A linear layer of a dense feed-forward block. */
    DENSE_FEED_FORWARD,
    /** A linear layer of one routed expert. */
    EXPERT,
    /** A linear layer of the shared experts. */
    SHARED_EXPERT,
    /** The linear layer that scores the experts. */
    ROUTER,
    /** The per-expert correction that balances the routing. */
    ROUTER_BIAS,
    /** A linear layer that selects or compresses tokens for sparse attention; it is kept in 16 bits. */
    INDEXER,
    /** Integers that say which experts a token goes to; memory, but not parameters. */
    ROUTING_TABLE,
    /** A small tensor of a recurrence that is kept in full: decay rates, step biases, a short convolution. */
    RECURRENCE,
    /** A small tensor between the blocks that is kept in full: residual scales and mixes. */
    MIXING,
    /** The projection that joins embedding and hidden state in front of a speculative block. */
    SPECULATIVE_PROJECTION,
    /** A tensor of a checkpoint of which the family knows nothing; memory, but not a parameter that is counted. */
    UNEXPECTED,
    /** Anything of a vision tower. */
    VISION,
    /** What leads from a vision tower into the language model. */
    VISION_PROJECTOR
}
