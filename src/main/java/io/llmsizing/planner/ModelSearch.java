package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.InvalidLayoutException;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.model.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Which models a cluster can serve. */
public final class ModelSearch {
    private static final Comparator<Deployment> LARGEST_FIRST = Comparator.comparingLong(
                    (Deployment each) -> each.model().parameters().total())
            .reversed()
            .thenComparing(each -> each.model().name());

    private final Function<Model, DeploymentBuilder> question;
    private final List<Deployment> fitting = new ArrayList<>();
    private long tooClose;
    private long tooLarge;
    private final List<IllegalArgumentException> refused = new ArrayList<>();

    /**
     * What was found of some models.
     *
     * @param fitting deployments that fit for sure, the model with the most parameters first
     * @param tooClose models that may fit
     * @param tooLarge models that do not
     * @param refused models that the question can't be asked of: a context beyond theirs, a layout that they can't have
     */
    public record Found(List<Deployment> fitting, long tooClose, long tooLarge, long refused) {
        /**
         * Copies the list.
         *
         * @param fitting as documented above
         * @param tooClose as documented above
         * @param tooLarge as documented above
         * @param refused as documented above
         */
        public Found {
            fitting = ImmutableList.copyOf(fitting);
        }
    }

    /**
     * A search.
     *
     * @param question everything but the model
     */
    public ModelSearch(Function<Model, DeploymentBuilder> question) {
        this.question = question;
    }

    /**
     * Tries a model.
     *
     * @param model any
     */
    public void add(Model model) {
        Deployment deployment;
        try {
            deployment = question.apply(model).build();
        } catch (IllegalArgumentException impossible) {
            refused.add(impossible);
            return;
        }
        Verdict verdict = Sizing.size(deployment);
        if (verdict instanceof Verdict.Fits) {
            fitting.add(deployment);
        } else if (verdict instanceof Verdict.DoesNotFit) {
            tooLarge++;
        } else {
            tooClose++;
        }
    }

    /**
     * What was found so far.
     *
     * @return of all models that were tried
     * @throws IllegalArgumentException if no model could be asked for a reason that several give alike and that is not their
     *     layout: what is wrong with the question whatever the model
     */
    public Found found() {
        if (fitting.isEmpty() && tooClose == 0 && tooLarge == 0) {
            wrongWhateverTheModel().ifPresent(reason -> {
                throw reason;
            });
        }
        return new Found(fitting.stream().sorted(LARGEST_FIRST).toList(), tooClose, tooLarge, refused.size());
    }

    /** A context beyond a model's says which model it is, so that no two say the same. */
    private Optional<IllegalArgumentException> wrongWhateverTheModel() {
        Map<String, IllegalArgumentException> heard = new HashMap<>();
        for (IllegalArgumentException reason : refused) {
            boolean isHeard = heard.putIfAbsent(String.valueOf(reason.getMessage()), reason) != null;
            if ((isHeard || refused.size() == 1) && !(reason instanceof InvalidLayoutException)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
