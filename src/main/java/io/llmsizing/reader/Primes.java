package io.llmsizing.reader;

/** Prime numbers, which size the tables that n-grams are hashed into. */
final class Primes {
    private Primes() {}

    /**
     * The next primes.
     *
     * @param from the least that counts
     * @param count how many
     */
    static long[] next(long from, int count) {
        long[] primes = new long[count];
        long prime = from - 1;
        for (int i = 0; i < count; i++) {
            do {
                prime++;
            } while (!isPrime(prime));
            primes[i] = prime;
        }
        return primes;
    }

    private static boolean isPrime(long number) {
        if (number < 4) {
            return number > 1;
        }
        if (number % 2 == 0 || number % 3 == 0) {
            return false;
        }
        for (long factor = 5; factor * factor <= number; factor += 6) {
            if (number % factor == 0 || number % (factor + 2) == 0) {
                return false;
            }
        }
        return true;
    }
}
