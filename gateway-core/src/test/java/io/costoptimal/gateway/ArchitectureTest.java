package io.costoptimal.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The import direction and the shape of types that docs and reviews rely on. */
class ArchitectureTest {

    private static final String BASE = "io.costoptimal.gateway";

    /** What is left of Netty's codec: a request's head. */
    private static final Set<String> HEAD = Set.of(
            "HttpRequest",
            "HttpMessage",
            "HttpMethod",
            "HttpVersion",
            "HttpHeaders",
            "HttpHeaderNames",
            "HttpHeaderValues",
            "HttpUtil");

    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    @ParameterizedTest
    @ValueSource(strings = {"exchange", "http"})
    void leavesImportNothingOfOurs(String leaf) {
        classes()
                .that()
                .resideInAPackage(BASE + "." + leaf)
                .should()
                .onlyDependOnClassesThat(outsideOurs().or(in(leaf)))
                .check(ENGINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stage", "tokens", "upstream", "account", "tls"})
    void whatStagesUseImportsLeavesOnly(String used) {
        classes()
                .that()
                .resideInAPackage(BASE + "." + used)
                .should()
                .onlyDependOnClassesThat(
                        outsideOurs().or(in(used)).or(in("exchange")).or(in("http")))
                .check(ENGINE);
    }

    @Test
    void costImportsExchangeOnly() {
        classes()
                .that()
                .resideInAPackage(BASE + ".cost")
                .should()
                .onlyDependOnClassesThat(outsideOurs().or(in("cost")).or(in("exchange")))
                .check(ENGINE);
    }

    @Test
    void routeMayImportCostToo() {
        classes()
                .that()
                .resideInAPackage(BASE + ".route")
                .should()
                .onlyDependOnClassesThat(outsideOurs()
                        .or(in("route"))
                        .or(in("exchange"))
                        .or(in("http"))
                        .or(in("stage"))
                        .or(in("cost")))
                .check(ENGINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept", "auth", "inspect", "objects"})
    void stagesImportLeavesAndWhatAStageIs(String stage) {
        classes()
                .that()
                .resideInAPackage(BASE + "." + stage)
                .should()
                .onlyDependOnClassesThat(outsideOurs()
                        .or(in(stage))
                        .or(in("exchange"))
                        .or(in("http"))
                        .or(in("stage")))
                .check(ENGINE);
    }

    @Test
    void h2MayImportWhatIsPublicOfAcceptToo() {
        classes()
                .that()
                .resideInAPackage(BASE + ".h2")
                .should()
                .onlyDependOnClassesThat(outsideOurs()
                        .or(in("h2"))
                        .or(in("accept"))
                        .or(in("exchange"))
                        .or(in("http"))
                        .or(in("stage")))
                .check(ENGINE);
    }

    @Test
    void spliceMayImportUpstreamAccountAndObjectsToo() {
        classes()
                .that()
                .resideInAPackage(BASE + ".splice")
                .should()
                .onlyDependOnClassesThat(outsideOurs()
                        .or(in("splice"))
                        .or(in("exchange"))
                        .or(in("http"))
                        .or(in("stage"))
                        .or(in("upstream"))
                        .or(in("account"))
                        .or(in("objects")))
                .check(ENGINE);
    }

    /** A stage knows no channel, and of Netty's HTTP codec only the types of a request's head. */
    @Test
    void onlyBothEndsKnowChannelsAndCodecs() {
        DescribedPredicate<JavaClass> ofAWire = new DescribedPredicate<>("of a wire") {
            @Override
            public boolean test(JavaClass type) {
                return type.getPackageName().startsWith("io.netty.channel")
                        || type.getPackageName().startsWith("io.netty.handler") && !HEAD.contains(type.getSimpleName());
            }
        };
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        BASE, BASE + ".accept", BASE + ".h2", BASE + ".upstream", BASE + ".http", BASE + ".tls")
                .should()
                .dependOnClassesThat(ofAWire)
                .check(ENGINE);
        noClasses()
                .that()
                .resideInAPackage(BASE + ".http")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.channel..")
                .check(ENGINE);
    }

    @Test
    void nothingImportsTheBasePackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE)
                .check(ENGINE);
    }

    /** Stages ask rows for facts; that no stage imports the rows of the base package is checked above. */
    @Test
    void nothingInTheEngineAsksWhichKindAProviderIs() {
        noClasses()
                .that()
                .areNotAssignableTo(ProviderKinds.class)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProviderKinds.class)
                .check(ENGINE);
    }

    @Test
    void theEngineKnowsNoConfigurationFormatDatabaseOrLoggingBackend() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.snakeyaml..", "java.sql..", "org.apache.logging..", "org.slf4j..", "picocli..")
                .check(ENGINE);
    }

    @Test
    void noConstructorHasMoreThanFiveParameters() {
        constructors()
                .that(new DescribedPredicate<JavaConstructor>("are written by hand") {
                    @Override
                    public boolean test(JavaConstructor constructor) {
                        return !constructor.getOwner().isEnum()
                                && !constructor.getOwner().isAnonymousClass()
                                && !constructor.getModifiers().contains(JavaModifier.SYNTHETIC);
                    }
                })
                .should(new ArchCondition<>("have at most five parameters") {
                    @Override
                    public void check(JavaConstructor constructor, ConditionEvents events) {
                        if (constructor.getRawParameterTypes().size() > 5) {
                            events.add(SimpleConditionEvent.violated(constructor, constructor.getFullName()));
                        }
                    }
                })
                .check(ENGINE);
    }

    @Test
    void noClassIsCalledByWhatItIsNot() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .check(ENGINE);
    }

    private static DescribedPredicate<JavaClass> outsideOurs() {
        return new DescribedPredicate<>("outside the gateway") {
            @Override
            public boolean test(JavaClass type) {
                return !type.getPackageName().startsWith(BASE);
            }
        };
    }

    private static DescribedPredicate<JavaClass> in(String part) {
        return new DescribedPredicate<>("in " + part) {
            @Override
            public boolean test(JavaClass type) {
                return type.getPackageName().equals(BASE + "." + part);
            }
        };
    }
}
