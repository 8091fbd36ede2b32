package io.costoptimal.gateway.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyBudgetTest {

    private final BodyBudget budget = new BodyBudget(100);

    @Test
    void keepsAQuarterForShortBodies() {
        assertThat(budget.take(75, true)).isTrue();
        assertThat(budget.take(1, true)).isFalse();
        assertThat(budget.take(25, false)).isTrue();
        assertThat(budget.take(1, false)).isFalse();

        budget.giveBack(75, true);

        assertThat(budget.all().held()).isEqualTo(25);
        assertThat(budget.take(75, false)).as("short ones may have all of it").isTrue();
        assertThat(budget.take(1, true)).isFalse();
        budget.giveBack(75, false);
        assertThat(budget.take(75, true)).as("what was refused was not kept").isTrue();
    }
}
