package io.llmsizing.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;

/**
 * The best prices for {@link PackingBound}, by the simplex method in floating point. Its rounding, or a solution that is none,
 * costs closeness of the bound and never its truth: the bound sums whole prices exactly.
 */
final class LinearRelaxation {
    private static final int MOST_ROWS = 400;
    private static final int MOST_PIVOTS = 2_000;
    private static final int MOST_CHOICES = 3;
    private static final int NO_COLUMN = -1;
    private static final long FINEST = 1 << 20;
    private static final long WIDEST = 1L << 58;

    private final Packing packing;
    private final long penalty;
    private final Fillings fillings;
    private final long scale;

    LinearRelaxation(Packing packing, long penalty, Fillings fillings) {
        this.packing = packing;
        this.penalty = penalty;
        this.fillings = fillings;
        this.scale = Math.max(1, Math.min(FINEST, WIDEST / penalty / Math.max(1, packing.replicas())));
    }

    /** The prices that bound most closely; nothing where the relaxation is too large, or not solved in time. */
    Optional<PackingBound.Prices> prices(int first, int left, Rooms rooms) {
        Columns columns = new Columns(first, left, rooms);
        if (columns.rows.size() > MOST_ROWS) {
            return Optional.empty();
        }
        try {
            double[] solved = new SimplexSolver()
                    .optimize(
                            new LinearObjectiveFunction(columns.objective(), 0),
                            new LinearConstraintSet(columns.constraints()),
                            GoalType.MAXIMIZE,
                            new NonNegativeConstraint(true),
                            new MaxIter(MOST_PIVOTS))
                    .getPoint();
            return Optional.of(columns.prices(solved));
        } catch (MathIllegalStateException unsolved) {
            return Optional.empty();
        }
    }

    /** The dual program: a column for each price, and for each limit on how many replicas go a way; a row for each way. */
    private final class Columns {
        private final int first;
        private final int demands;
        private final int[] parts;
        private final List<Double> worth = new ArrayList<>();
        private final List<Row> rows = new ArrayList<>();

        @SuppressWarnings("ArrayRecordComponent")
        private record Row(int[] columns, double[] factors, long most) {}

        private Columns(int first, int left, Rooms rooms) {
            this.first = first;
            demands = packing.demands().size() - first;
            parts = new int[packing.kinds().size() + 1];
            for (int i = 0; i < demands; i++) {
                worth.add((double)
                        (i == 0 ? left : packing.demands().get(first + i).replicas()));
                rows.add(new Row(new int[] {i}, new double[] {1}, penalty));
            }
            for (int kind = 0; kind < packing.kinds().size(); kind++) {
                addKind(kind, rooms);
            }
            for (int i = 0; i < demands; i++) {
                for (Packing.Way way : packing.demands().get(first + i).ways()) {
                    addWay(i, way, rooms);
                }
            }
        }

        /** Two columns for each part, in use and not, and one for the number of machines. */
        private void addKind(int kind, Rooms rooms) {
            parts[kind] = worth.size();
            int count = packing.kinds().get(kind).parts().size();
            int[] columns = new int[count + 1];
            double[] factors = new double[count + 1];
            for (int part = 0; part < count; part++) {
                worth.add(-(double) fillings.touched(first, kind, part, rooms));
                worth.add(0.0);
                columns[part] = parts[kind] + 2 * part + 1;
                factors[part] = fillings.untouched(first, kind, part);
            }
            columns[count] = worth.size();
            factors[count] = -1;
            worth.add(-(double) rooms.untouched(kind));
            rows.add(new Row(columns, factors, packing.opening(kind)));
        }

        /** A row for each choice of machines in use and machines that are not, share by share. */
        private void addWay(int demand, Packing.Way way, Rooms rooms) {
            if (way.machines() == 1) {
                Packing.Share share = way.shares().get(0);
                addWay(demand, way, fillings.within(share, rooms), 1);
                addWay(demand, way, fillings.opening(share, rooms), 0);
                return;
            }
            int shares = way.shares().size();
            long most = fillings.most(way, rooms);
            int limit = most < worth.get(demand) && most > 0 ? limit(most) : NO_COLUMN;
            for (int inUse = 0; inUse < 1 << Math.min(shares, MOST_CHOICES) && most > 0; inUse++) {
                if (isThere(way, inUse, rooms)) {
                    addRow(demand, way, inUse, limit);
                }
            }
        }

        private boolean isThere(Packing.Way way, int inUse, Rooms rooms) {
            for (int i = 0; i < way.shares().size(); i++) {
                Packing.Share share = way.shares().get(i);
                boolean isUsed = ((inUse >> i) & 1) == 1;
                if ((isUsed ? fillings.within(share, rooms) : fillings.opening(share, rooms)) == 0) {
                    return false;
                }
            }
            return true;
        }

        private void addWay(int demand, Packing.Way way, long most, int inUse) {
            if (most > 0) {
                addRow(demand, way, inUse, most < worth.get(demand) ? limit(most) : NO_COLUMN);
            }
        }

        private int limit(long most) {
            worth.add(-(double) most);
            return worth.size() - 1;
        }

        private void addRow(int demand, Packing.Way way, int inUse, int limit) {
            Map<Integer, Double> factors = new TreeMap<>();
            for (int i = 0; i < way.shares().size(); i++) {
                Packing.Share share = way.shares().get(i);
                int side = 1 - ((inUse >> i) & 1);
                for (int part = 0; part < share.devices().size(); part++) {
                    factors.merge(
                            parts[share.kind()] + 2 * part + side,
                            -(double) share.machines() * share.devices().get(part),
                            Double::sum);
                }
            }
            factors.put(demand, 1.0);
            if (limit != NO_COLUMN) {
                factors.put(limit, -1.0);
            }
            rows.add(new Row(
                    factors.keySet().stream().mapToInt(Integer::intValue).toArray(),
                    factors.values().stream().mapToDouble(Double::doubleValue).toArray(),
                    packing.cost(way)));
        }

        private double[] objective() {
            return worth.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private List<LinearConstraint> constraints() {
            return rows.stream()
                    .map(row -> {
                        double[] factors = new double[worth.size()];
                        for (int i = 0; i < row.columns.length; i++) {
                            factors[row.columns[i]] = row.factors[i];
                        }
                        return new LinearConstraint(factors, Relationship.LEQ, row.most);
                    })
                    .toList();
        }

        private PackingBound.Prices prices(double[] solved) {
            long[] demand = new long[packing.demands().size()];
            for (int i = 0; i < demands; i++) {
                demand[first + i] = whole(solved[i]);
            }
            long[][] touched = new long[packing.kinds().size()][];
            long[][] untouched = new long[touched.length][];
            for (int kind = 0; kind < touched.length; kind++) {
                int count = packing.kinds().get(kind).parts().size();
                touched[kind] = new long[count];
                untouched[kind] = new long[count];
                for (int part = 0; part < count; part++) {
                    touched[kind][part] = whole(solved[parts[kind] + 2 * part]);
                    untouched[kind][part] = whole(solved[parts[kind] + 2 * part + 1]);
                }
            }
            return new PackingBound.Prices(scale, demand, touched, untouched);
        }

        private long whole(double price) {
            return Math.max(0, Math.min(Math.round(price * scale), penalty * scale));
        }
    }
}
