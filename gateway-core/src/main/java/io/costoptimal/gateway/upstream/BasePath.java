package io.costoptimal.gateway.upstream;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The path of a configured base. A base that ends in a whole operation, such as {@code /v4/chat/completions}, is the URL
 * that a vendor's page shows for that operation, and the other operations are beside it. Immutable.
 *
 * @param path percent-encoded, without the operation and without slashes at its end; may be empty
 * @param complete whether an operation stood behind {@code path}, so that no version is missing in it
 */
record BasePath(String path, boolean complete) {

    static final String VERSION = "/v1";

    /** The longer ones first: {@code /chat/completions} ends in {@code /completions}, too. */
    private static final List<String> OPERATIONS = List.of(
            "/chat/completions",
            "/completions",
            "/embeddings",
            "/responses/input_tokens",
            "/responses",
            "/messages/count_tokens",
            "/messages",
            "/rerank",
            "/score");

    /** {@code /v1}, {@code /v4} or {@code /v1beta}. */
    private static final Pattern ENDS_IN_VERSION = Pattern.compile(".*/v[0-9]+([a-z]+[0-9]*)?");

    /** Reads the path of {@code base}. */
    static BasePath of(URI base) {
        String path = raw(base);
        for (String operation : OPERATIONS) {
            String before = path.substring(0, Math.max(0, path.length() - operation.length()));
            // A deployment may be called as an operation is.
            if (path.endsWith(operation) && !before.endsWith("/deployments")) {
                return new BasePath(before, true);
            }
        }
        return new BasePath(path, false);
    }

    /** The path of {@code base} as it was written, but without slashes at its end. */
    static String raw(URI base) {
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    /** The path up to its last version, with {@code /v1} where none was written behind a bare host. */
    String likeOpenAi() {
        return path.isEmpty() && !complete ? VERSION : path;
    }

    /** The path without the version in which it ends, if it ends in one. */
    String unversioned() {
        return ENDS_IN_VERSION.matcher(path).matches() ? path.substring(0, path.lastIndexOf('/')) : path;
    }

    /** The path with {@code /v1} appended unless it ends in a version. */
    String likeAnthropic() {
        return complete || ENDS_IN_VERSION.matcher(path).matches() ? path : path + VERSION;
    }
}
