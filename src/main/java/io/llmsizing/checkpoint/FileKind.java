package io.llmsizing.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a file is, by its first bytes, for those that are taken for another kind. */
final class FileKind {
    private static final int LONGEST_MARK = 40;

    private FileKind() {}

    /** How many first bytes tell. */
    static int bytesToTell(long length) {
        return (int) Math.min(length, LONGEST_MARK);
    }

    static boolean isGguf(byte[] first) {
        return startsWith(first, "GGUF");
    }

    /** Something that people mistake for a checkpoint, and what to do about it; empty where nothing is recognised. */
    static String mistaken(byte[] first) {
        if (startsWith(first, "version https://git-lfs")) {
            return "a Git LFS pointer, not the file itself; fetch it with git lfs pull";
        }
        if (startsWith(first, "GGUF")) {
            return "a GGUF file";
        }
        if (startsWith(first, "PK\u0003\u0004")) {
            return "a zip archive, as PyTorch writes checkpoints; expected safetensors";
        }
        if (startsWith(first, "<!DOCTYPE") || startsWith(first, "<html")) {
            return "a web page; the download was refused";
        }
        return "";
    }

    private static boolean startsWith(byte[] first, String mark) {
        byte[] bytes = mark.getBytes(StandardCharsets.ISO_8859_1);
        return first.length >= bytes.length && Arrays.equals(first, 0, bytes.length, bytes, 0, bytes.length);
    }
}
