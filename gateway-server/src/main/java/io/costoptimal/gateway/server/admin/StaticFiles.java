package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.server.admin.Route.Access;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Files of the program's own jars for browsers: pages, and what pages need. The same for everybody; nothing of this gateway is in
 * them. Kept in memory from the first time they are asked for. Any thread.
 */
public final class StaticFiles {

    /** Every segment begins with a letter or a digit: no file is hidden, and no folder is left upwards. */
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*");

    /** Only this origin is spoken to, and nothing in a page's own text is run. */
    private static final String POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
            + " form-action 'self'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=utf-8"));

    private final String prefix;
    private final Map<String, String> folders;
    private final Map<String, File> files = new ConcurrentHashMap<>();

    /** @param tag changes with the content (RFC 9110, 8.8.3) */
    private record File(byte[] content, String type, String tag) {}

    /**
     * @param prefix of the paths, such as {@code /dashboard}
     * @param folders of resources by the folder of the path that they stand for; {@code ""} for the rest. Each with a slash at
     *     its end
     */
    public StaticFiles(String prefix, Map<String, String> folders) {
        this.prefix = prefix;
        this.folders = Map.copyOf(folders);
    }

    /** The files, and the way from the folder's name to its page. */
    public List<Route> routes() {
        return List.of(
                Route.get(prefix, Threads.Kind.NONE, request -> page()).openTo(Access.OPEN),
                Route.get(prefix + "/{file*}", Threads.Kind.QUICK, this::answer).openTo(Access.OPEN));
    }

    /** To the page, whose links are relative to its folder. */
    private Answer page() {
        return Answer.empty(308).with("location", prefix + "/");
    }

    private Answer answer(Request request) throws Refused, IOException {
        String name = request.variables().get("file");
        File file = file(name.isEmpty() ? "index.html" : name);
        if (file == null) {
            throw new Refused(
                    404, "not_found", "There is nothing at " + request.head().path() + ".");
        }
        String known = request.header("if-none-match");
        boolean same = known != null && List.of(known.split("\\s*,\\s*")).contains(file.tag);
        Answer answer = same ? Answer.empty(304) : Answer.of(200, file.type, file.content);
        return answer.with("etag", file.tag).with("cache-control", "no-cache").with("content-security-policy", POLICY);
    }

    private File file(String name) throws IOException {
        File known = files.get(name);
        if (known != null || !NAME.matcher(name).matches()) {
            return known;
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (type == null) {
            return null;
        }
        try (InputStream in = StaticFiles.class.getResourceAsStream(resource(name))) {
            if (in == null) {
                return null;
            }
            byte[] content = in.readAllBytes();
            File file = new File(content, type, '"' + AdminKeys.digest(content).substring(0, 32) + '"');
            files.put(name, file);
            return file;
        }
    }

    private String resource(String name) {
        int slash = name.indexOf('/');
        String folder = slash < 0 ? null : folders.get(name.substring(0, slash + 1));
        return folder == null ? folders.get("") + name : folder + name.substring(slash + 1);
    }
}
