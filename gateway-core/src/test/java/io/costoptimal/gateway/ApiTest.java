package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.testing.ApiTypes;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code docs/embedding.md} promises to embedders. */
class ApiTest {

    /** The engine's own, of which nothing is promised. */
    private static final Set<String> ENGINE = Set.of("account", "h2", "http", "inspect", "splice", "stage", "tokens");

    @Test
    void everyListedTypeIsThereAndPublic() throws Exception {
        Set<String> listed = ApiTypes.listed();
        assertThat(listed).contains(Gateway.class.getName()).hasSizeGreaterThan(50);
        for (String name : listed) {
            Class<?> type = Class.forName(name);
            assertThat(Modifier.isPublic(type.getModifiers())).as(name).isTrue();
            assertThat(ENGINE)
                    .as("the package of " + name)
                    .doesNotContain(type.getPackageName()
                            .substring(ApiTypes.BASE.length())
                            .replace(".", ""));
        }
    }

    @Test
    void noListedTypeNeedsOneThatIsNotListed() throws Exception {
        Set<String> listed = ApiTypes.listed();
        List<String> leaks = new ArrayList<>();
        for (String name : listed) {
            for (Class<?> met : ApiTypes.metIn(Class.forName(name))) {
                if (!listed.contains(met.getName())) {
                    leaks.add(name + " needs " + met.getName());
                }
            }
        }
        assertThat(leaks)
                .as(
                        "list the type in the last table of docs/embedding.md if embedders need it, or keep it out of what is")
                .isEmpty();
    }

    /** What may be found in the report of an exchange, and what may be changed by it, are two things. */
    @Test
    void theExchangeItselfIsNotListed() throws Exception {
        assertThat(ApiTypes.listed()).noneMatch(name -> name.endsWith(".Exchange"));
    }

    /** The check sees what it has to see. */
    public static final class Leaking<T extends ExchangeOfNoUse> {
        public List<? super ExchangeOfNoUse[]> method(T parameter) {
            return null;
        }
    }

    /** Not listed. */
    public interface ExchangeOfNoUse {}

    @Test
    void findsTypesInBoundsArraysAndArguments() {
        assertThat(ApiTypes.metIn(Leaking.class)).containsOnly(ApiTest.class);
        assertThat(ApiTypes.metIn(Services.class)).contains(GatewayListener.class);
    }
}
