package io.costoptimal.gateway.testing;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The types that {@code docs/embedding.md} lists as what embedders may use. Stateless. */
public final class ApiTypes {

    /** All of ours. */
    public static final String BASE = "io.costoptimal.gateway";

    /** A row of the table: the package, and its types. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(" + BASE.replace(".", "\\.") + "[a-z.]*)` \\| (.*) \\|$");

    private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z0-9]*)`");

    private ApiTypes() {}

    /** The full names of the listed types, without those nested in them, which come with them. */
    public static Set<String> listed() throws IOException {
        Path page = Path.of("").toAbsolutePath();
        while (!Files.exists(page.resolve("docs/embedding.md"))) {
            page = page.getParent();
        }
        Set<String> types = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(page.resolve("docs/embedding.md")));
        while (row.find()) {
            Matcher name = NAME.matcher(row.group(2));
            while (name.find()) {
                types.add(row.group(1) + "." + name.group(1));
            }
        }
        return types;
    }

    /** The types of ours that whoever uses {@code type} meets in what it declares: outermost ones, {@code type} itself too. */
    public static Set<Class<?>> metIn(Class<?> type) {
        Set<Class<?>> met = new LinkedHashSet<>();
        collect(type, met);
        return met;
    }

    private static void collect(Class<?> type, Set<Class<?>> met) {
        add(type, met);
        if (type.getGenericSuperclass() != null) {
            add(type.getGenericSuperclass(), met);
        }
        Arrays.stream(type.getGenericInterfaces()).forEach(each -> add(each, met));
        Stream.of(type.getDeclaredFields()).filter(ApiTypes::isOpen).forEach(field -> add(field.getGenericType(), met));
        Stream.of(type.getDeclaredMethods()).filter(ApiTypes::isOpen).forEach(method -> {
            add(method.getGenericReturnType(), met);
            parameters(method, met);
        });
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isOpen(constructor)) {
                parameters(constructor, met);
            }
        }
        for (Class<?> nested : type.getDeclaredClasses()) {
            if (Modifier.isPublic(nested.getModifiers()) || Modifier.isProtected(nested.getModifiers())) {
                collect(nested, met);
            }
        }
    }

    private static void parameters(Executable executable, Set<Class<?>> met) {
        Stream.of(executable.getGenericParameterTypes()).forEach(each -> add(each, met));
        Stream.of(executable.getGenericExceptionTypes()).forEach(each -> add(each, met));
    }

    private static boolean isOpen(Member member) {
        return !member.isSynthetic()
                && (Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()));
    }

    private static void add(Type type, Set<Class<?>> met) {
        if (type instanceof Class<?> plain) {
            Class<?> outermost = plain.isArray() ? plain.getComponentType() : plain;
            while (outermost.getEnclosingClass() != null) {
                outermost = outermost.getEnclosingClass();
            }
            if (outermost.getName().startsWith(BASE)) {
                met.add(outermost);
            }
        } else if (type instanceof ParameterizedType generic) {
            add(generic.getRawType(), met);
            Stream.of(generic.getActualTypeArguments()).forEach(each -> add(each, met));
        } else if (type instanceof GenericArrayType array) {
            add(array.getGenericComponentType(), met);
        } else if (type instanceof WildcardType any) {
            Stream.of(any.getUpperBounds()).forEach(each -> add(each, met));
            Stream.of(any.getLowerBounds()).forEach(each -> add(each, met));
        } else if (type instanceof TypeVariable<?> variable) {
            // A bound may name the variable again, so it is followed only where it is a plain type.
            Stream.of(variable.getBounds()).filter(Class.class::isInstance).forEach(each -> add(each, met));
        }
    }
}
