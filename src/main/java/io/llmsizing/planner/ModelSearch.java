package io.llmsizing.planner;

import com.google.common.collect.ImmutableList;
import io.llmsizing.Deployment;
import io.llmsizing.DeploymentBuilder;
import io.llmsizing.Sizing;
import io.llmsizing.Verdict;
import io.llmsizing.model.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
    private long refused;

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
            refused++;
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
     */
    public Found found() {
        return new Found(fitting.stream().sorted(LARGEST_FIRST).toList(), tooClose, tooLarge, refused);
    }
}
