package io.costoptimal.gateway.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Loads a configuration file. */
public final class ConfigFile {

    /** Largest file read; a scalar of some megabytes takes the YAML library seconds. */
    static final int MAX_BYTES = 256 * 1024;

    private static final Set<String> LITELLM =
            Set.of("model_list", "litellm_settings", "general_settings", "router_settings", "environment_variables");

    private ConfigFile() {}

    /**
     * Reads and checks {@code file}; blocks, and so belongs on no event loop.
     *
     * @param environment where {@code ${NAME}} and {@code PORT} are looked up
     * @param warnings hears of what is no reason to refuse the file
     * @throws ConfigException with every problem the file has
     */
    public static GatewayConfig load(Path file, Map<String, String> environment, Consumer<Problem> warnings)
            throws ConfigException {
        return load(file, bytes(file), environment, warnings);
    }

    /**
     * Like {@link #load(Path, Map, Consumer)}, for a machine that has none of the secrets: a variable without a default
     * stands for some text, and a value that this text does not fit is taken for absent.
     *
     * @throws ConfigException with every problem the file has
     */
    public static GatewayConfig loadWithoutEnvironment(Path file, Consumer<Problem> warnings) throws ConfigException {
        return load(file, bytes(file), null, warnings);
    }

    private static GatewayConfig load(
            Path file, byte[] bytes, Map<String, String> environment, Consumer<Problem> warnings)
            throws ConfigException {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        Problems problems = new Problems(file.toString());
        GatewayConfig config = read(bytes, folder, environment, problems);
        if (openToAll(file)) {
            problems.warnOfCredentials("every user of this machine may read this credential"
                    + " (expected: a file mode such as 600, or ${NAME} here)");
        }
        problems.warnings().forEach(warnings);
        return config;
    }

    /** Like {@link #load(Path, Map, Consumer)}, for callers that want no warnings. */
    public static GatewayConfig load(Path file, Map<String, String> environment) throws ConfigException {
        return load(file, environment, warning -> {});
    }

    /**
     * Like {@link #load(Path, Map, Consumer)}, from bytes.
     *
     * @param name stands for the file in problems
     * @param folder where relative paths start
     * @throws ConfigException with every problem
     */
    public static GatewayConfig parse(
            String name, byte[] bytes, Path folder, Map<String, String> environment, Consumer<Problem> warnings)
            throws ConfigException {
        Problems problems = new Problems(name);
        GatewayConfig config = read(bytes, folder, environment, problems);
        problems.warnings().forEach(warnings);
        return config;
    }

    /** Like {@link #parse(String, byte[], Path, Map, Consumer)}, for callers that want no warnings. */
    public static GatewayConfig parse(String name, byte[] bytes, Path folder, Map<String, String> environment)
            throws ConfigException {
        return parse(name, bytes, folder, environment, warning -> {});
    }

    private static GatewayConfig read(byte[] bytes, Path folder, Map<String, String> environment, Problems problems)
            throws ConfigException {
        String text = text(bytes, problems);
        problems.throwIfAny();
        Node root = Yaml.compose(text, problems).orElse(null);
        problems.throwIfAny();
        if (!(root instanceof MappingNode map)) {
            problems.whole(root == null ? "empty (expected: a map)" : "not a map (expected: keys and values)");
            problems.throwIfAny();
            throw new IllegalStateException("unreachable");
        }
        foreign(map, problems);
        problems.throwIfAny();
        Reading reading = new Reading(new SourceText(text), environment, folder, problems);
        GatewayConfig config = new ConfigReader(new Section("", map, new Form.MapOf(Format.FILE), reading)).read();
        problems.throwIfAny();
        return config;
    }

    /** Says of another program's file that it is one, instead of finding fault with each key. */
    private static void foreign(MappingNode map, Problems problems) {
        for (NodeTuple tuple : map.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && LITELLM.contains(key.getValue())) {
                problems.at(
                        key,
                        key.getValue() + ": this is a configuration of LiteLLM (expected: providers, models and"
                                + " api_keys; docs/migrating.md says what becomes of each of its keys)");
                return;
            }
        }
    }

    /** Whether every user of this machine may read {@code file}. */
    static boolean openToAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false; // no such modes here
        }
    }

    private static byte[] bytes(Path file) throws ConfigException {
        String reason;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length <= MAX_BYTES) {
                return bytes;
            }
            reason = "larger than " + Unit.BYTES.show(MAX_BYTES);
        } catch (NoSuchFileException e) {
            reason = "no such file";
        } catch (AccessDeniedException e) {
            reason = "may not be read by this user";
        } catch (IOException e) {
            reason = "cannot be read: " + e.getMessage();
        }
        throw new ConfigException(List.of(new Problem(file.toString(), 0, 0, reason)));
    }

    /** Decodes strictly: a replacement character in a key would be a different key. */
    private static String text(byte[] bytes, Problems problems) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            int lineStart = text.lastIndexOf('\n') + 1;
            int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
            problems.at(line, text.codePointCount(lineStart, text.length()) + 1, "not UTF-8");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
