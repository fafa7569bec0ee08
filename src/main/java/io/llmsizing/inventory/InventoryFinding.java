package io.llmsizing.inventory;

/**
 * Something that a reader of an inventory left out, changed or could not read.
 *
 * @param file the file's name, for people
 * @param place where: a line and column, a key's path, or names of machines; several places of one problem are joined
 * @param problem the value found, and what was done about it; where sizes differ from place to place, the least to the most
 * @param assumed whether it is a choice that the machines are taken with, which a verdict on them tells too; otherwise
 *     something that is wrong, or not there
 */
public record InventoryFinding(String file, String place, String problem, boolean assumed) {
    /**
     * For people.
     *
     * @return such as {@code "nodes.json: l40s-01, l40s-02 and 3 more: cordoned; left out"}
     */
    @Override
    public String toString() {
        return file + ": " + place + ": " + problem;
    }
}
