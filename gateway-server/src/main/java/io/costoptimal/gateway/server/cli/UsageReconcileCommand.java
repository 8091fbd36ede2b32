package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.reconcile.FiguresException;
import io.costoptimal.gateway.server.reconcile.FiguresReader;
import io.costoptimal.gateway.server.reconcile.ProviderFigures;
import io.costoptimal.gateway.server.reconcile.Reconciliation;
import io.costoptimal.gateway.server.runtime.LedgerStores;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the ledger with a provider's own figures. */
@Command(
        name = "reconcile",
        description = {
            "Compares the ledger with a provider's own figures, by day (UTC), model and class of tokens.",
            "FILE has pages of OpenAI's organization usage or of Anthropic's usage report, grouped by model, or CSV with",
            "date,model and columns of the ledger such as input_tokens. Exit code 5 when they differ."
        })
public final class UsageReconcileCommand implements Callable<Integer> {

    /** Years of pages. */
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    /** Controls, such as those that colour or move, and characters that turn the direction of a line. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration file, which says where the ledger is.")
    private Path config;

    @Parameters(paramLabel = "FILE", description = "The provider's figures; - reads them from standard input.")
    private String file;

    @Option(
            names = "--provider",
            paramLabel = "ID",
            description = "Whose attempts are compared; may be repeated. Default: all that speak the provider's API.")
    private List<String> providers = List.of();

    @Option(names = "--all", description = "Show what is equal, too.")
    private boolean all;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, IOException, LedgerException {
        PrintWriter err = spec.commandLine().getErr();
        GatewayConfig loaded = ConfigFile.load(config, System.getenv(), err::println);
        ProviderFigures figures = figures();
        Set<String> compared = compared(loaded, figures.api());
        if (figures.cut()) {
            err.println(file + ": there are more pages, which are not in it");
        }
        try (LedgerStore store = LedgerStores.store(loaded.ledger())) {
            Reconciliation result = Reconciliation.of(figures, store.queries(null), compared);
            table(all ? result.lines() : result.differences());
            summary(figures, result, compared);
            return result.differences().isEmpty() ? Exit.OK : Exit.DIFFERENT;
        }
    }

    private ProviderFigures figures() throws IOException {
        try {
            ProviderFigures figures = FiguresReader.read(text());
            if (figures.first() == null) {
                throw wrong(file + ": no day (expected: at least one)");
            }
            return figures;
        } catch (FiguresException e) {
            throw wrong(file + ": " + e.getMessage());
        }
    }

    private String text() throws IOException {
        byte[] bytes;
        if (file.equals("-")) {
            bytes = System.in.readNBytes(MAX_BYTES + 1);
        } else {
            try (InputStream in = Files.newInputStream(Path.of(file))) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
        }
        if (bytes.length > MAX_BYTES) {
            throw wrong(file + ": larger than 64 MB");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private Set<String> compared(GatewayConfig loaded, String api) {
        Set<String> known = new LinkedHashSet<>(loaded.routing().providers().keySet());
        for (String id : providers) {
            if (!known.contains(id)) {
                throw wrong("--provider: " + id + " (expected: one of " + String.join(", ", known) + ")");
            }
        }
        if (!providers.isEmpty()) {
            return new LinkedHashSet<>(providers);
        }
        List<String> speaking = new ArrayList<>();
        for (Provider provider : loaded.routing().providers().values()) {
            if (api == null || provider.kind().word().equals(api)) {
                speaking.add(provider.id());
            }
        }
        return new LinkedHashSet<>(speaking);
    }

    private void table(List<Reconciliation.Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        PrintWriter out = spec.commandLine().getOut();
        int model = lines.stream()
                .mapToInt(line -> shown(line.model()).length())
                .max()
                .orElse(0);
        String form = "%-10s  %-" + Math.max(5, model) + "s  %-21s  %15s  %15s  %15s%n";
        out.printf(form, "day", "model", "tokens", "ours", "theirs", "difference");
        for (Reconciliation.Line line : lines) {
            out.printf(
                    form,
                    line.day(),
                    shown(line.model()),
                    line.tokens().word(),
                    line.ours(),
                    line.theirs(),
                    String.format("%+d", line.difference()));
        }
    }

    private void summary(ProviderFigures figures, Reconciliation result, Set<String> compared) {
        PrintWriter out = spec.commandLine().getOut();
        int differences = result.differences().size();
        out.printf(
                "%s to %s, providers %s: %d of %d figures differ%n",
                figures.first(),
                figures.last(),
                compared.isEmpty() ? "none" : String.join(", ", compared),
                differences,
                result.lines().size());
        if (result.notReported() > 0) {
            out.printf("%d attempts of ours have tokens that the provider did not report%n", result.notReported());
        }
        if (result.missing() > 0) {
            out.printf("%d attempts have no row%n", result.missing());
        }
        out.flush();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), shown(message));
    }

    /** What a file says may not steer the terminal: a question mark stands for each character that cannot be seen. */
    private static String shown(String text) {
        return UNSEEN.matcher(text).replaceAll("?");
    }
}
