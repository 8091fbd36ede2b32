package io.costoptimal.gateway.server.simulator;

/** How far the answer to one request has come. Written by the event loop of its connection, read by any thread. */
final class Sale {

    private final SeenRequest request;
    private volatile Reply reply;
    private volatile boolean opened;
    private volatile int fragments;
    private volatile boolean whole;

    Sale(SeenRequest request) {
        this.request = request;
    }

    void decided(Reply reply) {
        this.reply = reply;
    }

    /** The head has gone out, with what comes before the first piece of text. */
    void opened() {
        opened = true;
    }

    /** @param sent pieces of text that have gone out so far */
    void said(int sent) {
        fragments = sent;
    }

    /** The whole answer has gone out. */
    void whole(int sent) {
        opened = true;
        fragments = sent;
        whole = true;
    }

    SeenRequest request() {
        return request;
    }

    /** A line of the books; {@code null} while nobody has decided what to answer. */
    Sold sold() {
        Reply decided = reply;
        return decided == null
                ? null
                : new Sold(
                        request,
                        opened ? decided.status() : 0,
                        decided.bill(),
                        new Sold.Sent(opened, fragments, whole));
    }
}
