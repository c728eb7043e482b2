package dev.caisson.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a process in an answer.
 *
 * @param text of the bytes that are kept, null where the answer carries no text
 * @param truncated whether there is more than the text
 */
@Schema(name = "ProcessStream")
record StreamAnswer(
    @Schema(description = "Bytes written in total", example = "1234") long bytes,
    @Schema(description = "Bytes from the beginning that are no longer kept", example = "0")
        long dropped,
    @Schema(
            description =
                "Output as UTF-8 with replacement characters, at most 1 MiB; if more is kept, the"
                    + " part that the parameter `text` selects",
            example = "Pulling fs layer\n")
        @Nullable String text,
    boolean truncated) {

  static StreamAnswer from(ProcessInfo.Volume volume, byte @Nullable [] text) {
    if (text == null) {
      return new StreamAnswer(volume.bytes(), volume.dropped(), null, false);
    }
    boolean truncated = volume.bytes() > text.length;
    // A character cut by the limit is left out; one that the process itself left incomplete is not.
    int whole = truncated ? text.length - Utf8Glue.incomplete(text, text.length) : text.length;
    return new StreamAnswer(
        volume.bytes(),
        volume.dropped(),
        new String(text, 0, whole, StandardCharsets.UTF_8),
        truncated);
  }
}
