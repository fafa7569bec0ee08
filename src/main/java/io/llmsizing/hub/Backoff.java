package io.llmsizing.hub;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often to ask again, and how long to wait before that: 1, 2, 4, 8 s less a random part, or what the server says. */
final class Backoff {
    /** How often one thing is asked for. */
    static final int TRIES = 5;

    /** The longest wait that a server may ask for. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern RATE_LIMIT =
            Pattern.compile("\"[^\"]{0,100}\"\\s*;\\s*r\\s*=\\s*0\\s*;\\s*t\\s*=\\s*([0-9]{1,9})");

    /** How to wait. */
    @FunctionalInterface
    interface Pause {
        /** Returns after that time, or sooner if interrupted. */
        void sleep(Duration time) throws InterruptedException;
    }

    private final Pause pause;
    private final InstantSource clock;
    private final RandomGenerator random;

    Backoff(Pause pause, InstantSource clock, RandomGenerator random) {
        this.pause = pause;
        this.clock = clock;
        this.random = random;
    }

    /** Waits for real. */
    static Backoff real() {
        return new Backoff(time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()), InstantSource.system(), new Random());
    }

    /** The wait after so many failures, 1 or more: the whole of 2^(failures - 1) seconds, or down to half of it. */
    Duration after(int failures) {
        long whole = 1000L << (failures - 1);
        return Duration.ofMillis(random.nextLong(whole / 2, whole + 1));
    }

    /** The wait that a server asks for, by {@code Retry-After} or {@code RateLimit}; never negative. */
    Optional<Duration> asked(HttpHeaders headers) {
        Matcher limit = RATE_LIMIT.matcher(headers.firstValue("RateLimit").orElse(""));
        if (limit.find()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(limit.group(1))));
        }
        return headers.firstValue("Retry-After").map(String::strip).flatMap(this::until);
    }

    private Optional<Duration> until(String retryAfter) {
        if (SECONDS.matcher(retryAfter).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)));
        }
        try {
            Duration left = Duration.between(
                    clock.instant(),
                    ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeException | ArithmeticException neither) {
            return Optional.empty();
        }
    }

    void sleep(Duration time) throws InterruptedException {
        pause.sleep(time);
    }
}
