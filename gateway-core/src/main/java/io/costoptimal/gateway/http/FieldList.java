package io.costoptimal.gateway.http;

import io.netty.handler.codec.DefaultHeaders.NameValidator;
import io.netty.handler.codec.DefaultHeaders.ValueValidator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * The header fields of a request in the order and spelling in which they came. Confined to one thread.
 *
 * <p>Does what Netty's own headers do, validation included, in three arrays instead of an object for each field: a request
 * has a dozen or two, and comparing that many hashes costs less than a table of buckets. The one misuse is as headers of
 * thousands of fields; the decoder's limit sees to that.
 */
public final class FieldList extends HttpHeaders {

    /** What a decoder makes its headers with. */
    public static final HttpHeadersFactory FACTORY = new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
            return new FieldList();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
            return new FieldList();
        }
    };

    private static final NameValidator<CharSequence> NAME =
            DefaultHttpHeadersFactory.headersFactory().getNameValidator();
    private static final ValueValidator<CharSequence> VALUE =
            DefaultHttpHeadersFactory.headersFactory().getValueValidator();

    /** More than the official clients send. */
    private static final int USUAL = 24;

    private int[] hashes;
    private CharSequence[] names;
    private String[] values;
    private int count;

    public FieldList() {
        this(new int[USUAL], new CharSequence[USUAL], new String[USUAL]);
        count = 0;
    }

    private FieldList(int[] hashes, CharSequence[] names, String[] values) {
        this.hashes = hashes;
        this.names = names;
        this.values = values;
        this.count = hashes.length;
    }

    /** A copy of these fields, in which the first field of {@code name} has another value; there is one. */
    public FieldList with(CharSequence name, String value) {
        VALUE.validate(value);
        FieldList copy =
                new FieldList(Arrays.copyOf(hashes, count), Arrays.copyOf(names, count), Arrays.copyOf(values, count));
        copy.values[indexOf(name, 0)] = value;
        return copy;
    }

    private int indexOf(CharSequence name, int from) {
        int hash = AsciiString.hashCode(name);
        for (int i = from; i < count; i++) {
            if (hashes[i] == hash && AsciiString.contentEqualsIgnoreCase(names[i], name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String get(CharSequence name) {
        int i = indexOf(name, 0);
        return i < 0 ? null : values[i];
    }

    @Override
    public String get(String name) {
        return get((CharSequence) name);
    }

    @Override
    public List<String> getAll(CharSequence name) {
        int first = indexOf(name, 0);
        if (first < 0) {
            return List.of();
        }
        if (indexOf(name, first + 1) < 0) {
            return List.of(values[first]);
        }
        List<String> all = new ArrayList<>();
        new Values(name, first).forEachRemaining(all::add);
        return all;
    }

    @Override
    public List<String> getAll(String name) {
        return getAll((CharSequence) name);
    }

    @Override
    public Iterator<String> valueStringIterator(CharSequence name) {
        int first = indexOf(name, 0);
        return first < 0 ? Collections.emptyIterator() : new Values(name, first);
    }

    @Override
    public Iterator<String> valueCharSequenceIterator(CharSequence name) {
        return valueStringIterator(name);
    }

    @Override
    public boolean contains(CharSequence name) {
        return indexOf(name, 0) >= 0;
    }

    @Override
    public boolean contains(String name) {
        return contains((CharSequence) name);
    }

    @Override
    public boolean isEmpty() {
        return count == 0;
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public Set<String> names() {
        Set<String> distinct = new LinkedHashSet<>();
        iterator().forEachRemaining(field -> distinct.add(field.getKey()));
        return distinct;
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        String text = value.toString();
        NAME.validateName(name);
        VALUE.validate(text);
        if (count == hashes.length) {
            int room = Math.max(USUAL, 2 * count);
            hashes = Arrays.copyOf(hashes, room);
            names = Arrays.copyOf(names, room);
            values = Arrays.copyOf(values, room);
        }
        hashes[count] = AsciiString.hashCode(name);
        names[count] = name;
        values[count++] = text;
        return this;
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        return add((CharSequence) name, value);
    }

    @Override
    public HttpHeaders add(String name, Iterable<?> all) {
        all.forEach(value -> add(name, value));
        return this;
    }

    @Override
    public HttpHeaders addInt(CharSequence name, int value) {
        return add(name, (Object) value);
    }

    @Override
    public HttpHeaders addShort(CharSequence name, short value) {
        return add(name, (Object) value);
    }

    @Override
    public HttpHeaders set(CharSequence name, Object value) {
        return remove(name).add(name, value);
    }

    @Override
    public HttpHeaders set(String name, Object value) {
        return set((CharSequence) name, value);
    }

    @Override
    public HttpHeaders set(String name, Iterable<?> all) {
        return remove(name).add(name, all);
    }

    @Override
    public HttpHeaders setInt(CharSequence name, int value) {
        return set(name, (Object) value);
    }

    @Override
    public HttpHeaders setShort(CharSequence name, short value) {
        return set(name, (Object) value);
    }

    @Override
    public HttpHeaders remove(CharSequence name) {
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i)) {
            int behind = count - i - 1;
            System.arraycopy(hashes, i + 1, hashes, i, behind);
            System.arraycopy(names, i + 1, names, i, behind);
            System.arraycopy(values, i + 1, values, i, behind);
            count--;
        }
        return this;
    }

    @Override
    public HttpHeaders remove(String name) {
        return remove((CharSequence) name);
    }

    @Override
    public HttpHeaders clear() {
        count = 0;
        return this;
    }

    @Override
    public List<Map.Entry<String, String>> entries() {
        List<Map.Entry<String, String>> all = new ArrayList<>(count);
        iterator().forEachRemaining(all::add);
        return all;
    }

    @Override
    @Deprecated // by Netty
    public Iterator<Map.Entry<String, String>> iterator() {
        return new Fields<>() {
            @Override
            Map.Entry<String, String> field(int i) {
                return Map.entry(names[i].toString(), values[i]);
            }
        };
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iteratorCharSequence() {
        return new Fields<>() {
            @Override
            Map.Entry<CharSequence, CharSequence> field(int i) {
                return Map.entry(names[i], values[i]);
            }
        };
    }

    @Override
    public Integer getInt(CharSequence name) {
        return asNettys().getInt(name);
    }

    @Override
    public int getInt(CharSequence name, int otherwise) {
        return asNettys().getInt(name, otherwise);
    }

    @Override
    public Short getShort(CharSequence name) {
        return asNettys().getShort(name);
    }

    @Override
    public short getShort(CharSequence name, short otherwise) {
        return asNettys().getShort(name, otherwise);
    }

    @Override
    public Long getTimeMillis(CharSequence name) {
        return asNettys().getTimeMillis(name);
    }

    @Override
    public long getTimeMillis(CharSequence name, long otherwise) {
        return asNettys().getTimeMillis(name, otherwise);
    }

    /** For questions that nobody here asks. */
    private HttpHeaders asNettys() {
        return new DefaultHttpHeaders().set(this);
    }

    /** The values of one name. */
    private final class Values implements Iterator<String> {

        private final CharSequence name;
        private int next;

        Values(CharSequence name, int first) {
            this.name = name;
            this.next = first;
        }

        @Override
        public boolean hasNext() {
            return next >= 0;
        }

        @Override
        public String next() {
            if (next < 0) {
                throw new NoSuchElementException();
            }
            String value = values[next];
            next = indexOf(name, next + 1);
            return value;
        }
    }

    /** All fields. */
    private abstract class Fields<E> implements Iterator<E> {

        private int next;

        abstract E field(int i);

        @Override
        public final boolean hasNext() {
            return next < count;
        }

        @Override
        public final E next() {
            if (next >= count) {
                throw new NoSuchElementException();
            }
            return field(next++);
        }
    }
}
