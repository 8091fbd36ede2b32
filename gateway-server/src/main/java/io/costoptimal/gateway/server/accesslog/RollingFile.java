package io.costoptimal.gateway.server.accesslog;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.logging.log4j.core.appender.rolling.CompositeTriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.DefaultRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.RollingFileManager;
import org.apache.logging.log4j.core.appender.rolling.RolloverDescription;
import org.apache.logging.log4j.core.appender.rolling.RolloverDescriptionImpl;
import org.apache.logging.log4j.core.appender.rolling.RolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.SizeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.TimeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.TriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.action.AbstractAction;
import org.apache.logging.log4j.core.appender.rolling.action.Action;
import org.apache.logging.log4j.core.appender.rolling.action.DeleteAction;
import org.apache.logging.log4j.core.appender.rolling.action.IfAccumulatedFileCount;
import org.apache.logging.log4j.core.appender.rolling.action.IfFileName;
import org.apache.logging.log4j.core.appender.rolling.action.PathCondition;
import org.apache.logging.log4j.core.appender.rolling.action.PathSortByModificationTime;
import org.apache.logging.log4j.core.config.NullConfiguration;
import org.apache.logging.log4j.core.impl.MutableLogEvent;

/**
 * Log4j's rolling of files, around a {@link LineOutput}: its policies say when, its strategy renames, and a thread of its own
 * compresses and deletes. Log4j writes nothing here, so that lines are counted as exactly as {@link LineOutput} does. Confined
 * to the thread that writes.
 *
 * <p>A file {@code access.log} is put aside as {@code access.log.2026-11-27.1.gz}; the number grows within a date.
 */
final class RollingFile extends RollingFileManager {

    /** Log4j's pattern for the number within a date. */
    private static final String NUMBER = ".%i";

    private static final String COMPRESSED = ".gz";

    private final LineOutput output;

    /** All that a policy looks at is its time. */
    private final MutableLogEvent now = new MutableLogEvent();

    /** The file put aside last is still being compressed. */
    private volatile boolean tidying;

    /** Bytes that were left in the file by the last attempt to put it aside; none, if it went well. */
    private long sizeThen;

    /** @param output to {@code file}; borrowed, and closed and opened again when the file is put aside */
    RollingFile(Path file, LogRolling rolling, LineOutput output) {
        super(
                null,
                file.toString(),
                pattern(file, rolling),
                null,
                true,
                true,
                0,
                begun(file),
                policy(rolling),
                strategy(file, rolling),
                null,
                null,
                null,
                null,
                null,
                false,
                ByteBuffer.allocate(0));
        this.output = output;
        setRolloverStrategy(watched(getRolloverStrategy()));
        initialize();
    }

    private static String pattern(Path file, LogRolling rolling) {
        return escaped(file) + ".%d{" + rolling.every().date() + "}{UTC}" + NUMBER
                + (rolling.compressed() ? COMPRESSED : "");
    }

    /** Log4j would replace variables in it. */
    private static String literal(Path path) {
        return path.toString().replace("${", "$${");
    }

    /** The same in a pattern. */
    private static String escaped(Path path) {
        return literal(path).replace("%", "%%");
    }

    private static TriggeringPolicy policy(LogRolling rolling) {
        List<TriggeringPolicy> policies = new ArrayList<>();
        if (rolling.size() > 0) {
            policies.add(SizeBasedTriggeringPolicy.createPolicy(Long.toString(rolling.size())));
        }
        if (rolling.every() != LogRolling.Every.NEVER) {
            policies.add(TimeBasedTriggeringPolicy.newBuilder().build());
        }
        return CompositeTriggeringPolicy.createPolicy(policies.toArray(TriggeringPolicy[]::new));
    }

    private static RolloverStrategy strategy(Path file, LogRolling rolling) {
        String aside = Pattern.quote(file.getFileName() + ".") + "\\d{4}-\\d\\d(-\\d\\d){0,2}\\.\\d+(\\.gz)?";
        PathCondition tooMany = IfAccumulatedFileCount.createFileCountCondition(rolling.kept());
        Action delete = DeleteAction.createDeleteAction(
                literal(file.toAbsolutePath().getParent()),
                false,
                1,
                false,
                new PathSortByModificationTime(true),
                new PathCondition[] {IfFileName.createNameCondition(null, aside, tooMany)},
                null,
                new NullConfiguration());
        return DefaultRolloverStrategy.newBuilder()
                .setFileIndex("nomax")
                .setTempCompressedFilePattern(rolling.compressed() ? escaped(file) + COMPRESSED + ".tmp" : null)
                .setCustomActions(new Action[] {delete})
                // A disk too full to compress is one on which old files are to be deleted.
                .setStopCustomActionsOnError(false)
                .build();
    }

    /** The same strategy, which tells by {@link #tidying} how far it has got. */
    private RolloverStrategy watched(RolloverStrategy strategy) {
        return manager -> {
            RolloverDescription steps = strategy.rollover(manager);
            Action rename = new AbstractAction() {
                @Override
                public boolean execute() throws IOException {
                    tidying = steps.getSynchronous().execute();
                    return tidying;
                }
            };
            Action tidy = new AbstractAction() {
                @Override
                public boolean execute() throws IOException {
                    try {
                        return steps.getAsynchronous().execute();
                    } finally {
                        tidying = false;
                    }
                }
            };
            return new RolloverDescriptionImpl(steps.getActiveFileName(), steps.getAppend(), rename, tidy);
        };
    }

    /** Since when the file that exists is written, so that one of yesterday is put aside today; 0 when there is none. */
    private static long begun(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class)
                    .creationTime()
                    .toMillis();
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Puts the file aside if it is time to, and the one before is compressed: Log4j would wait for that. Never throws. When
     * the file cannot be put aside, Log4j says so, and it is tried again at the next hour, day or month, or when as many bytes
     * have come again.
     */
    void rollIfDue(long millis) {
        if (tidying) {
            return;
        }
        // There are fewer when the file is another one than at the last attempt.
        sizeThen = Math.min(sizeThen, output.size());
        size = output.size() - sizeThen;
        now.setTimeMillis(millis);
        try {
            checkRollover(now);
        } catch (RuntimeException e) {
            // Log4j lists the folder, which may fail.
            sizeThen = output.size();
            LOGGER.error("Unable to roll {}: {}", getFileName(), e.getMessage());
        }
    }

    /** Whether the file put aside last is still being compressed. Any thread. */
    boolean isTidying() {
        return tidying;
    }

    @Override
    protected boolean closeOutputStream() {
        output.close();
        return true;
    }

    @Override
    protected void createFileAfterRollover() throws IOException {
        output.open();
        sizeThen = output.size();
    }

    @Override
    protected void createParentDir(File file) {
        // A folder that is gone may be where a disk belongs that is not mounted.
    }
}
