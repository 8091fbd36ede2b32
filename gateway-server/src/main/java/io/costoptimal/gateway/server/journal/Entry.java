package io.costoptimal.gateway.server.journal;

/** One exchange as the journal tells it: a view of bytes that is moved from one exchange to the next. Confined to the journal's thread. */
public final class Entry {

    Entry() {}
}
