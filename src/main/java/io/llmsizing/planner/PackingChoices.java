package io.llmsizing.planner;

import java.util.ArrayList;
import java.util.List;

/** Which machines a replica may take that goes a way: for each machine of the way the room it is of, each machine another one. */
final class PackingChoices {
    private static final int MOST = 512;

    private final List<Packing.Share> shares;
    private final Rooms rooms;
    private final Packing packing;
    private final int[] untouched;
    private final int[] touched;
    private final List<Integer> chosen = new ArrayList<>();
    private final List<List<Integer>> all = new ArrayList<>();
    private boolean isCut;

    private PackingChoices(Packing.Way way, Rooms rooms, Packing packing) {
        this.shares = way.machineByMachine();
        this.rooms = rooms;
        this.packing = packing;
        this.untouched = new int[packing.kinds().size()];
        this.touched = new int[rooms.size()];
    }

    static PackingChoices of(Packing.Way way, Rooms rooms, Packing packing) {
        PackingChoices choices = new PackingChoices(way, rooms, packing);
        choices.choose(0);
        return choices;
    }

    /** Of each machine of the way the index of a room, or {@link Rooms#UNTOUCHED}. */
    List<List<Integer>> all() {
        return all;
    }

    /** Whether there are more. */
    boolean isCut() {
        return isCut;
    }

    private void choose(int at) {
        if (at == shares.size()) {
            all.add(List.copyOf(chosen));
            return;
        }
        Packing.Share share = shares.get(at);
        boolean isRepeated = at > 0 && share.equals(shares.get(at - 1));
        int first = isRepeated ? chosen.get(at - 1) : Rooms.UNTOUCHED;
        for (int room = first; room < rooms.size(); room++) {
            if (all.size() == MOST) {
                isCut = true;
                return;
            }
            if (room == Rooms.UNTOUCHED) {
                if (untouched[share.kind()] < rooms.untouched(share.kind())
                        && share.timesIn(packing.kinds().get(share.kind()).parts()) > 0) {
                    untouched[share.kind()]++;
                    chooseNext(at, room);
                    untouched[share.kind()]--;
                }
            } else if (touched[room] < rooms.machines(room)
                    && rooms.room(room).kind() == share.kind()
                    && share.timesIn(rooms.room(room).free()) > 0) {
                touched[room]++;
                chooseNext(at, room);
                touched[room]--;
            }
        }
    }

    private void chooseNext(int at, int room) {
        chosen.add(room);
        choose(at + 1);
        chosen.remove(chosen.size() - 1);
    }
}
