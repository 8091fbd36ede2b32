package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a configuration file counts as changed. */
class ConfigWatchTest {

    @TempDir
    private Path folder;

    private int reloads;

    private ConfigWatch watch(Path file) {
        return new ConfigWatch(file, () -> reloads++);
    }

    private int after(ConfigWatch watch, int looks) {
        for (int i = 0; i < looks; i++) {
            watch.look();
        }
        return reloads;
    }

    @Test
    void takesOverWhatHasChangedOnceItStaysTheSame() throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), "a: 1\n");
        ConfigWatch watch = watch(file);
        assertThat(after(watch, 3)).isZero();
        Files.writeString(file, "a: 2");
        assertThat(after(watch, 1)).as("it may still be written").isZero();
        Files.writeString(file, "a: 22\n");
        assertThat(after(watch, 1)).isZero();
        assertThat(after(watch, 3)).isEqualTo(1);
    }

    @Test
    void seesAFolderThatIsSwappedByALinkAsKubernetesDoes() throws IOException {
        for (String version : new String[] {"v1", "v2"}) {
            Files.createDirectory(folder.resolve(version));
            Files.writeString(folder.resolve(version).resolve("gateway.yaml"), version);
        }
        Path data = Files.createSymbolicLink(folder.resolve("data"), folder.resolve("v1"));
        ConfigWatch watch = watch(data.resolve("gateway.yaml"));
        Path next = Files.createSymbolicLink(folder.resolve("next"), folder.resolve("v2"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        assertThat(after(watch, 2)).isEqualTo(1);
    }

    @Test
    void seesAChangeThatAHashWouldNotShow() throws IOException {
        Path secret = Files.writeString(folder.resolve("token"), "key-Aa");
        Path file = Files.writeString(folder.resolve("gateway.yaml"), "t: ${file:token}");
        ConfigWatch watch = watch(file);
        Files.writeString(secret, "key-BB");
        assertThat(after(watch, 2)).isEqualTo(1);
    }

    @Test
    void seesAChangeOfAFileThatIsNamedInIt() throws IOException {
        Path secret = Files.writeString(folder.resolve("token"), "one\n");
        Path file = Files.writeString(folder.resolve("gateway.yaml"), "t: ${file:token} ${file:missing}\n");
        ConfigWatch watch = watch(file);
        Files.writeString(secret, "two\n");
        assertThat(after(watch, 2)).isEqualTo(1);
        Files.writeString(folder.resolve("missing"), "there");
        assertThat(after(watch, 2)).isEqualTo(2);
    }

    @Test
    void seesAChangeOfItsListOfPrices() throws IOException {
        Path prices = Files.writeString(folder.resolve("our prices.csv"), "one\n");
        for (String written : new String[] {"our prices.csv", "\"our prices.csv\" # ours", "'our prices.csv'  "}) {
            Path file = Files.writeString(folder.resolve("gateway.yaml"), "a: 1\nprices_file: " + written + "\nb: 2\n");
            reloads = 0;
            ConfigWatch watch = watch(file);
            Files.writeString(prices, written + "\n");
            assertThat(after(watch, 2)).as(written).isEqualTo(1);
        }
    }
}
