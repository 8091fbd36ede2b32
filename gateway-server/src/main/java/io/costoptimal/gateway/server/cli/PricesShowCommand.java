package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.prices.AskedPrices;
import io.costoptimal.gateway.server.prices.PriceSheet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a model costs. */
@Command(
        name = "show",
        description = {
            "Shows what a model costs, class by class, and where the price comes from.",
            "Without a configuration: every list price of a model with that name. With one: what its providers take.",
            "Exit code 1 when no price is known."
        })
public final class PricesShowCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "MODEL",
            description = "A model as clients ask for it, as a provider knows it, or vendor/model.")
    private String model;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration file.")
    private Path file;

    @Option(names = "--provider", paramLabel = "ID", description = "Only what this provider takes; with --config.")
    private String id;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException {
        List<AskedPrices.Named> found = file == null ? AskedPrices.listed(model) : configured();
        PrintWriter out = spec.commandLine().getOut();
        boolean known = false;
        for (AskedPrices.Named named : found) {
            if (named.price() instanceof ModelPrice price) {
                known = true;
                String same = price.model() == null || named.name().equals(price.model()) ? "" : " = " + price.model();
                out.println(named.name() + same + ", from " + price.version());
                out.print(PriceSheet.lines(price));
            } else {
                out.println(named.name() + ": no price is known");
            }
        }
        out.flush();
        if (found.isEmpty()) {
            spec.commandLine().getErr().println("no price of " + model + " is known");
        }
        return known ? Exit.OK : Exit.FAILED;
    }

    private List<AskedPrices.Named> configured() throws ConfigException {
        GatewayConfig config = ConfigFile.loadWithoutEnvironment(file, warning -> {});
        Map<String, Provider> providers = config.routing().providers();
        if (id != null && !providers.containsKey(id)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--provider: " + id + " (expected: one of " + String.join(", ", providers.keySet()) + ")");
        }
        List<Provider> asked = id == null ? List.copyOf(providers.values()) : List.of(providers.get(id));
        return AskedPrices.configured(
                model, asked, config.routing().table(), config.routing().prices());
    }
}
