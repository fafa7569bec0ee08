package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What is free on all machines. Machines of a kind that have as much free are one room with a count, so that placements that
 * differ in the numbers of like machines alone are equal. Machines without a free device are left out. Immutable.
 */
final class Rooms {
    /** Stands for a machine of which nothing is taken. */
    static final int UNTOUCHED = -1;

    private final Table table;
    private final int[] untouched;

    /** The number of a room in the table and behind it how many machines there are, by ascending number. */
    private final int[] touched;

    /**
     * A machine some of whose devices are taken.
     *
     * @param kind of machine
     * @param free devices of each part
     */
    record Room(int kind, List<Integer> free) {}

    private static final class Table {
        private final List<Room> rooms = new ArrayList<>();
        private final Map<Room, Integer> numbers = new HashMap<>();

        private int numberOf(Room room) {
            return numbers.computeIfAbsent(room, unseen -> {
                rooms.add(unseen);
                return rooms.size() - 1;
            });
        }
    }

    private Rooms(Table table, int[] untouched, int[] touched) {
        this.table = table;
        this.untouched = untouched;
        this.touched = touched;
    }

    static Rooms of(Packing packing) {
        return new Rooms(
                new Table(),
                packing.kinds().stream().mapToInt(Packing.Kind::machines).toArray(),
                new int[0]);
    }

    /** Machines of a kind of which no device is taken. */
    int untouched(int kind) {
        return untouched[kind];
    }

    /** How many rooms are told apart. */
    int size() {
        return touched.length / 2;
    }

    Room room(int index) {
        return table.rooms.get(touched[2 * index]);
    }

    int machines(int index) {
        return touched[2 * index + 1];
    }

    /**
     * After a replica has taken a way.
     *
     * @param shares one for each machine
     * @param rooms of each the index of a room, or {@link #UNTOUCHED}
     */
    Rooms after(List<Packing.Share> shares, List<Integer> rooms, Packing packing) {
        int[] left = untouched.clone();
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < touched.length; i += 2) {
            counts.put(touched[i], touched[i + 1]);
        }
        for (int i = 0; i < shares.size(); i++) {
            Packing.Share share = shares.get(i);
            boolean isNew = rooms.get(i) == UNTOUCHED;
            List<Integer> before = isNew
                    ? packing.kinds().get(share.kind()).parts()
                    : room(rooms.get(i)).free();
            if (isNew) {
                left[share.kind()]--;
            } else {
                counts.merge(touched[2 * rooms.get(i)], -1, Integer::sum);
            }
            Room to = after(new Room(share.kind(), before), share);
            if (to.free().stream().anyMatch(free -> free > 0)) {
                counts.merge(table.numberOf(to), 1, Integer::sum);
            }
        }
        return new Rooms(
                table,
                left,
                counts.entrySet().stream()
                        .filter(each -> each.getValue() > 0)
                        .flatMapToInt(each -> IntStream.of(each.getKey(), each.getValue()))
                        .toArray());
    }

    static Room after(Room room, Packing.Share share) {
        List<Integer> free = new ArrayList<>();
        for (int part = 0; part < room.free().size(); part++) {
            free.add(room.free().get(part) - share.devices().get(part));
        }
        return new Room(room.kind(), ImmutableList.copyOf(free));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rooms rooms
                && Arrays.equals(untouched, rooms.untouched)
                && Arrays.equals(touched, rooms.touched);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(untouched) + Arrays.hashCode(touched);
    }
}
