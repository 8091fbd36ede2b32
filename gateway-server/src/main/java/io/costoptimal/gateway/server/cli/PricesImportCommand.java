package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.prices.PriceImport;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a list for {@code prices_file} out of another project's. */
@Command(
        name = "import",
        description = {
            "Makes a list for prices_file out of LiteLLM's model_prices_and_context_window.json or models.dev's api.json.",
            "Entries that cannot be used are named on standard error and left out; exit code 4 then."
        })
public final class PricesImportCommand implements Callable<Integer> {

    /** Both lists have some megabytes. */
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    @Parameters(paramLabel = "FILE", description = "The other project's list.")
    private Path file;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where the list for prices_file goes.")
    private Path out;

    @Option(
            names = "--date",
            paramLabel = "DATE",
            description = "The day that the prices are of, such as 2026-11-27. Default: today.")
    private LocalDate date;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PriceImport.Result result = PriceImport.read(bytes(), date == null ? LocalDate.now(ZoneOffset.UTC) : date);
        PrintWriter err = spec.commandLine().getErr();
        result.leftOut().forEach(entry -> err.println("left out: " + entry));
        if (result.list().size() == 0) {
            err.println(file + ": no price that can be used");
            return Exit.FAILED;
        }
        write(result.text());
        PrintWriter lines = spec.commandLine().getOut();
        lines.printf(
                "%d prices of %d vendors from %s, %d models without a price for tokens, %d entries left out%n",
                result.list().size(),
                result.list().vendors().size(),
                result.source(),
                result.unpriced(),
                result.leftOut().size());
        lines.flush();
        return result.leftOut().isEmpty() ? Exit.OK : Exit.IN_PART;
    }

    private byte[] bytes() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(file + ": larger than 64 MB");
            }
            return bytes;
        }
    }

    /** A gateway that watches the file never sees half of it. */
    private void write(String text) throws IOException {
        Path whole = out.toAbsolutePath();
        Path part = whole.resolveSibling(whole.getFileName() + ".part");
        Files.write(part, text.getBytes(StandardCharsets.UTF_8));
        Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    }
}
