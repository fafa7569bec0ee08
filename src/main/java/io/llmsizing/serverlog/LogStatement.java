package io.llmsizing.serverlog;

/**
 * Something a log says in words.
 *
 * @param text as it stands there, without quotes
 * @param line where, counted from 1
 */
public record LogStatement(String text, long line) {}
