package io.llmsizing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house rules that a compiler does not check. */
class HouseArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.llmsizing");

    private static final String[][] ROWS = {
        {"units", "document"},
        {"tensor"},
        {"quantization"},
        {"attention", "feedforward", "ledger"},
        {"model", "hardware", "workload"},
        {"parallel"},
        {"weights", "kvcache", "activation"},
        {"engine", "ggml"},
        {""},
        {"reader", "catalog", "inventory", "calibration", "serverlog", "planner"},
        {"checkpoint"},
        {"report", "hub"},
        {"cli"}
    };

    private static String of(String name) {
        return name.isEmpty() ? "io.llmsizing" : "io.llmsizing." + name + "..";
    }

    @Test
    void arrowsPointDown() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (int row = 0; row < ROWS.length; row++) {
            layers = layers.layer("row " + row)
                    .definedBy(
                            Stream.of(ROWS[row]).map(HouseArchitectureTest::of).toArray(String[]::new));
        }
        for (int row = 0; row < ROWS.length; row++) {
            String[] above = IntStream.range(row + 1, ROWS.length)
                    .mapToObj(higher -> "row " + higher)
                    .toArray(String[]::new);
            layers = above.length == 0
                    ? layers.whereLayer("row " + row).mayNotBeAccessedByAnyLayer()
                    : layers.whereLayer("row " + row).mayOnlyBeAccessedByLayers(above);
        }
        layers.check(HOUSE);
    }

    @Test
    void siblingsDoNotSeeEachOther() {
        for (String[] row : ROWS) {
            for (String one : row) {
                for (String other : row) {
                    if (!one.equals(other)) {
                        noClasses()
                                .that()
                                .resideInAPackage(of(one))
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(of(other))
                                .check(HOUSE);
                    }
                }
            }
        }
    }

    @Test
    void packagesDoNotGoInCircles() {
        slices().matching("io.llmsizing.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void onlyDocumentSeesTheParsers() {
        noClasses()
                .that()
                .resideOutsideOfPackage(of("document"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml.jackson..", "de.siegmar.fastcsv..", "javax.xml..")
                .check(HOUSE);
    }

    @Test
    void documentsAreReadOnlyAtTheEdges() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        of("document"),
                        of("engine"),
                        of("ggml"),
                        of("reader"),
                        of("catalog"),
                        of("inventory"),
                        of("calibration"),
                        of("serverlog"),
                        of("checkpoint"),
                        of("hub"),
                        of("report"),
                        of("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(of("document"))
                .check(HOUSE);
    }

    @Test
    void onlyTheCommandLineSeesPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage(of("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(HOUSE);
    }

    @Test
    void onlyPlannerAndCalibrationSeeCommonsMath() {
        noClasses()
                .that()
                .resideOutsideOfPackages(of("planner"), of("calibration"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.commons.math3..")
                .check(HOUSE);
    }

    @Test
    void noFieldIsAFloatingPointNumber() {
        noFields()
                .should()
                .haveRawType(double.class)
                .orShould()
                .haveRawType(float.class)
                .orShould()
                .haveRawType(Double.class)
                .check(HOUSE);
    }

    @Test
    void guavaStaysInside() {
        noMethods().that().arePublic().should(mentionGuava()).check(HOUSE);
    }

    private static ArchCondition<JavaMethod> mentionGuava() {
        DescribedPredicate<JavaClass> guava = JavaClass.Predicates.resideInAPackage("com.google..");
        return new ArchCondition<>("mention Guava") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean mentions = method.getOwner().getModifiers().contains(JavaModifier.PUBLIC)
                        && (guava.test(method.getRawReturnType())
                                || method.getRawParameterTypes().stream().anyMatch(guava));
                events.add(new SimpleConditionEvent(method, mentions, method.getFullName()));
            }
        };
    }
}
