package io.costoptimal.gateway.examples;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.costoptimal.gateway.testing.ApiTypes;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OnlyTheApiTest {

    @Test
    void examplesAndTheirTestsUseWhatEmbeddersMayUse() throws Exception {
        Set<String> listed = ApiTypes.listed();
        DescribedPredicate<JavaClass> allowed = new DescribedPredicate<>("of the JDK, a library, or listed") {
            @Override
            public boolean test(JavaClass type) {
                String name = type.getBaseComponentType().getName();
                return !name.startsWith(ApiTypes.BASE)
                        || name.startsWith(ApiTypes.BASE + ".examples.")
                        || listed.contains(name.replaceAll("\\$.*", ""))
                        || name.equals(ApiTypes.class.getName());
            }
        };
        ArchRuleDefinition.classes()
                .should()
                .onlyDependOnClassesThat(allowed)
                .check(new ClassFileImporter().importPackages(ApiTypes.BASE + ".examples"));
    }
}
