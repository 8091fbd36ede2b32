package io.costoptimal.gateway.server.prices;

import java.util.List;
import java.util.stream.Collectors;

/** A file of prices that cannot be used. */
public final class PriceFileException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<PriceProblem> problems;

    PriceFileException(List<PriceProblem> problems) {
        super(problems.stream().map(PriceProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** At least one, in the order of the file. */
    public List<PriceProblem> problems() {
        return problems;
    }
}
