package io.costoptimal.gateway.load;

/** What clients speak over TLS. */
enum Wire {
    /** HTTP/1.1: a connection for each request in flight. */
    HTTP1("TLS", 1),
    /** HTTP/2: many streams on a connection. */
    HTTP2("HTTP/2", 50);

    private final String title;
    private final int streams;

    Wire(String title, int streams) {
        this.title = title;
        this.streams = streams;
    }

    /** As tables name it. */
    String title() {
        return title;
    }

    /** Event streams on one connection. */
    int streams() {
        return streams;
    }
}
