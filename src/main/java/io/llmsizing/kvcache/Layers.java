package io.llmsizing.kvcache;

/** How many layers all stages have together, and how many this rank has. */
record Layers(long all, long here) {
    Layers plus(Layers other) {
        return new Layers(all + other.all, here + other.here);
    }
}
