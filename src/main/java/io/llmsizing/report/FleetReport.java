package io.llmsizing.report;

import io.llmsizing.Verdict;
import io.llmsizing.hardware.Cluster;
import io.llmsizing.planner.FleetPlan;
import io.llmsizing.planner.PlacedReplica;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where replicas go, for people and for programs. */
public final class FleetReport {
    private static final String RULES =
            "there are too many ways to give a replica devices of several machines; not all of them were tried";

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private FleetReport() {}

    /**
     * The answer for people.
     *
     * @param plan the answer
     * @return lines ending in line feeds: what was found, each machine in use with its replicas and free devices, each kind
     */
    public static String text(FleetPlan plan) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(plan));
        if (!plan.placed().isEmpty()) {
            lines.add("");
            lines.addAll(TextTable.aligned(machines(plan), Set.of(0, 1, 2, 3, 5)));
        }
        lines.add("");
        lines.addAll(TextTable.aligned(kinds(plan), Set.of(0)));
        lines.add("");
        plan.unplaced()
                .forEach(left -> lines.add("unplaced  " + counted(left.replicas(), "replica") + " of " + left.order()
                        + ": " + left.reason()));
        notes(plan).forEach(note -> lines.add("note      " + note));
        return lines.stream()
                        .map(FleetReport::plain)
                        .collect(Collectors.joining("\n"))
                        .stripTrailing() + "\n";
    }

    /** Names of machines, and what is said of them, are others' text: nothing in it is for a terminal to obey. */
    private static String plain(String line) {
        return UNPRINTABLE.matcher(line).replaceAll(" ");
    }

    private static String headline(FleetPlan plan) {
        int unplaced =
                plan.unplaced().stream().mapToInt(FleetPlan.Unplaced::replicas).sum();
        int all = plan.placed().size() + unplaced;
        String givenUp = String.format(Locale.ROOT, "the search was given up after %,d states", plan.tried());
        String most = plan.isProven()
                ? "more can't be placed"
                : plan.isSearched()
                        ? "no more in any of the ways that were tried"
                        : "not proven to be the most, " + givenUp;
        return switch (plan.outcome()) {
            case PLACED ->
                "PLACED  all " + counted(all, "replica") + " on " + plan.devices() + " of "
                        + counted(plan.machines().devices(), "device")
                        + plan.dollarsPerHour()
                                .map(price -> ", for " + price.toPlainString() + " dollars an hour")
                                .orElse("")
                        + "; "
                        + (plan.isProven()
                                ? plan.dollarsPerHour().isPresent() ? "none is cheaper" : "none takes fewer"
                                : plan.isSearched()
                                        ? "of the ways that were tried none "
                                                + (plan.dollarsPerHour().isPresent() ? "is cheaper" : "takes fewer")
                                        : "not proven optimal, " + givenUp);
            case IMPOSSIBLE ->
                "CAN'T BE PLACED  " + unplaced + " of " + counted(all, "replica") + " left without a place; " + most;
            case NO_WAY_OF_THOSE_TRIED ->
                "NO WAY FOUND  " + unplaced + " of " + counted(all, "replica") + " left without a place; " + most
                        + "; that all can't be placed is not proven";
            case TOO_CLOSE_TO_CALL ->
                "TOO CLOSE TO CALL  " + unplaced + " of " + counted(all, "replica")
                        + " left without a place where it fits for sure; " + most
                        + ", unless what is too close to call does fit";
            case NOT_FOUND ->
                "NOT FOUND  " + unplaced + " of " + counted(all, "replica")
                        + " left without a place; that all can't be placed is not proven, " + givenUp;
        };
    }

    private static List<List<String>> machines(FleetPlan plan) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("MACHINE", "REPLICA", "DEVICES", "LAYOUT", "HEADROOM", "VERDICT"));
        byMachine(plan).forEach((machine, replicas) -> {
            String name = plan.machine(machine.kind(), machine.number());
            for (Taken taken : replicas) {
                Verdict verdict = taken.replica().verdict();
                table.add(List.of(
                        name,
                        taken.replica().order() + " #" + taken.replica().number(),
                        range(taken.place().first(), taken.place().devices()),
                        taken.replica().deployment().layout().toString(),
                        verdict.headroom().toDisplay(),
                        verdict.id()));
                name = "";
            }
            int free = free(plan, machine, replicas);
            if (free > 0) {
                table.add(List.of("", "", free + " free", "", "", ""));
            }
        });
        return table;
    }

    private static List<List<String>> kinds(FleetPlan plan) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("KIND", "MACHINES", "IN USE", "DEVICES", "IN USE", "FREE"));
        for (Map<String, Object> kind : kindsJson(plan)) {
            table.add(kind.values().stream().map(String::valueOf).toList());
        }
        return table;
    }

    private static List<String> notes(FleetPlan plan) {
        Stream<String> ofOrders = plan.placed().stream()
                .flatMap(replica -> replica.deployment().assumptions().stream()
                        .map(assumption -> replica.order() + ", " + assumption));
        Stream<String> rules = plan.outcome() == FleetPlan.Outcome.PLACED || plan.isProven() || !plan.isSearched()
                ? Stream.of()
                : Stream.of("placement: " + RULES);
        return Stream.concat(
                        Stream.concat(rules, plan.machines().choices().stream().map(choice -> "cluster: " + choice)),
                        ofOrders)
                .distinct()
                .toList();
    }

    /**
     * The answer for programs.
     *
     * @param plan the answer
     * @return the verdict, whether it is proven, the machines in use with their replicas, every kind of machine, and what has
     *     no place with the reason
     */
    public static Map<String, Object> json(FleetPlan plan) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("verdict", plan.outcome().id());
        answer.put("proven", plan.isProven());
        answer.put("search_finished", plan.isSearched());
        answer.put("objective", plan.dollarsPerHour().isPresent() ? "lowest_price" : "fewest_devices");
        answer.put("states_tried", plan.tried());
        answer.put("devices", plan.machines().devices());
        answer.put("devices_used", plan.devices());
        plan.dollarsPerHour().ifPresent(price -> answer.put("dollars_per_hour", price.toPlainString()));
        List<Object> machines = new ArrayList<>();
        byMachine(plan).forEach((machine, replicas) -> machines.add(json(plan, machine, replicas)));
        answer.put("machines", machines);
        answer.put("kinds", kindsJson(plan));
        answer.put(
                "unplaced",
                plan.unplaced().stream()
                        .map(left -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("deployment", left.order());
                            one.put("replicas", left.replicas());
                            one.put("reason", left.reason());
                            return one;
                        })
                        .toList());
        answer.put("assumptions", notes(plan));
        return answer;
    }

    private static Map<String, Object> json(FleetPlan plan, Machine machine, List<Taken> replicas) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("machine", plan.machine(machine.kind(), machine.number()));
        one.put("kind", plan.kind(machine.kind()));
        one.put("devices_free", free(plan, machine, replicas));
        one.put(
                "replicas",
                replicas.stream()
                        .map(taken -> {
                            Verdict verdict = taken.replica().verdict();
                            Map<String, Object> replica = new LinkedHashMap<>();
                            replica.put("deployment", taken.replica().order());
                            replica.put("replica", taken.replica().number());
                            replica.put("first_device", taken.place().first());
                            replica.put("devices", taken.place().devices());
                            replica.put(
                                    "layout",
                                    Answer.layout(taken.replica().deployment().layout()));
                            replica.put(
                                    "engine",
                                    taken.replica().deployment().engine().toString());
                            replica.put("verdict", verdict.id());
                            replica.put("headroom_bytes", verdict.headroom().bytes());
                            replica.put("max_context_tokens", verdict.finding().maxContext());
                            replica.put("max_sequences", verdict.finding().maxSequences());
                            return replica;
                        })
                        .toList());
        return one;
    }

    private static List<Map<String, Object>> kindsJson(FleetPlan plan) {
        List<Map<String, Object>> kinds = new ArrayList<>();
        for (int kind = 0; kind < plan.machines().groups().size(); kind++) {
            int which = kind;
            Cluster.Group group = plan.machines().groups().get(kind);
            int devices = group.count() * group.node().deviceCount();
            int used = plan.placed().stream()
                    .flatMap(replica -> replica.places().stream())
                    .filter(place -> place.kind() == which)
                    .mapToInt(PlacedReplica.Place::devices)
                    .sum();
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("kind", plan.kind(kind));
            one.put("machines", group.count());
            one.put("machines_used", (int) byMachine(plan).keySet().stream()
                    .filter(machine -> machine.kind() == which)
                    .count());
            one.put("devices", devices);
            one.put("devices_used", used);
            one.put("devices_free", devices - used);
            kinds.add(one);
        }
        return kinds;
    }

    private record Machine(int kind, int number) implements Comparable<Machine> {
        @Override
        public int compareTo(Machine other) {
            return kind == other.kind ? Integer.compare(number, other.number) : Integer.compare(kind, other.kind);
        }
    }

    private record Taken(PlacedReplica replica, PlacedReplica.Place place) {}

    private static Map<Machine, List<Taken>> byMachine(FleetPlan plan) {
        Map<Machine, List<Taken>> machines = new TreeMap<>();
        for (PlacedReplica replica : plan.placed()) {
            for (PlacedReplica.Place place : replica.places()) {
                List<Taken> taken = machines.computeIfAbsent(
                        new Machine(place.kind(), place.machine()), unseen -> new ArrayList<>());
                taken.add(new Taken(replica, place));
                taken.sort((one, other) ->
                        Integer.compare(one.place().first(), other.place().first()));
            }
        }
        return machines;
    }

    private static int free(FleetPlan plan, Machine machine, List<Taken> replicas) {
        return plan.machines().groups().get(machine.kind()).node().deviceCount()
                - replicas.stream().mapToInt(taken -> taken.place().devices()).sum();
    }

    private static String range(int first, int count) {
        return count == 1 ? "" + first : first + " to " + (first + count - 1);
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
