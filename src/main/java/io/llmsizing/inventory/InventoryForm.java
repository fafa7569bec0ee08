package io.llmsizing.inventory;

import com.google.errorprone.annotations.Immutable;
import io.llmsizing.document.MalformedFileException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms in which inventories are printed, told by their beginning. */
enum InventoryForm {
    NVIDIA_SMI_CSV(NvidiaSmiCsv::read),
    NVIDIA_SMI_LIST(NvidiaSmiList::read),
    NVIDIA_SMI_XML(NvidiaSmiXml::read),
    ROCM_SMI(AmdJson::readRocmSmi),
    AMD_SMI(AmdJson::readAmdSmi),
    AMD_SMI_LIST(AmdJson::readAmdSmiList),
    KUBERNETES(KubernetesNodes::read),
    SLURM(SlurmNodes::read),
    OWN_TABLE(OwnTable::read);

    /** Bytes that are looked at. */
    static final int HEAD = 1 << 12;

    static final String KNOWN =
            "known are nvidia-smi --query-gpu=index,name,memory.total,memory.free --format=csv, nvidia-smi -L,"
                    + " nvidia-smi -q -x, rocm-smi --showproductname --showmeminfo vram --json, amd-smi static --asic --vram"
                    + " --json, kubectl get nodes -o json, scontrol show node, and a table that begins with "
                    + String.join(",", OwnTable.COLUMNS);
    private static final Pattern FIRST_KEY = Pattern.compile("\\{\\s*\"([^\"]{1,64})\"\\s*:");
    private static final Pattern GPU_LINE = Pattern.compile("GPU \\d{1,9}: ");

    /** Reads a document of one form. */
    @Immutable
    interface Reader {
        void read(InputStream bytes, Recognition recognition, Machines machines, Findings findings) throws IOException;
    }

    private final Reader reader;

    InventoryForm(Reader reader) {
        this.reader = reader;
    }

    void read(InputStream bytes, Recognition recognition, Machines machines, Findings findings) throws IOException {
        reader.read(bytes, recognition, machines, findings);
    }

    /**
     * The form of a document, which is then read from its beginning.
     *
     * @throws MalformedFileException if it has none of these forms, naming them
     */
    static InventoryForm of(BufferedInputStream bytes, String file) throws IOException {
        bytes.mark(HEAD);
        byte[] head = bytes.readNBytes(HEAD);
        bytes.reset();
        String text = TextLines.decoded(head).stripLeading();
        if (text.isEmpty()) {
            throw new MalformedFileException(file, "text", "empty; " + KNOWN);
        }
        String line = text.lines().findFirst().orElse("");
        if (text.startsWith("<")) {
            if (text.contains("nvidia_smi_log")) {
                return NVIDIA_SMI_XML;
            }
        } else if (text.startsWith("[")) {
            return AMD_SMI_LIST;
        } else if (text.startsWith("{")) {
            return ofObject(text, file);
        } else if (GPU_LINE.matcher(text).lookingAt()) {
            return NVIDIA_SMI_LIST;
        } else if (text.startsWith("NodeName=")) {
            return SLURM;
        } else if (OwnTable.isHeader(line)) {
            return OWN_TABLE;
        } else if (NvidiaSmiCsv.isFirst(line)) {
            return NVIDIA_SMI_CSV;
        }
        if (line.startsWith("No devices were found") || line.startsWith("NVIDIA-SMI has failed")) {
            throw new MalformedFileException(
                    file,
                    "line 1",
                    "nvidia-smi says '" + Findings.shown(line.strip())
                            + "'; run it where the devices are, or write the cluster, such as 8xH200");
        }
        throw unknown(file, line);
    }

    private static InventoryForm ofObject(String text, String file) {
        Matcher key = FIRST_KEY.matcher(text);
        if (key.lookingAt()) {
            String first = key.group(1);
            if (first.equals("gpu_data")) {
                return AMD_SMI;
            }
            if (first.startsWith("card") || first.equals("system")) {
                return ROCM_SMI;
            }
            if (first.equals("apiVersion")
                    || first.equals("kind")
                    || first.equals("items")
                    || first.equals("metadata")) {
                return KUBERNETES;
            }
        }
        throw unknown(file, text.lines().findFirst().orElse(""));
    }

    private static MalformedFileException unknown(String file, String line) {
        return new MalformedFileException(
                file, "line 1", "'" + Findings.shown(line) + "' begins no inventory in a form that is known; " + KNOWN);
    }

    /** As PowerShell writes what it redirects, or UTF-8. */
    static Charset charset(byte[] head) {
        if (head.length >= 2 && head[0] == (byte) 0xFF && head[1] == (byte) 0xFE) {
            return StandardCharsets.UTF_16LE;
        }
        return head.length >= 2 && head[0] == (byte) 0xFE && head[1] == (byte) 0xFF
                ? StandardCharsets.UTF_16BE
                : StandardCharsets.UTF_8;
    }
}
