using System.Buffers;
using System.Text;

namespace FlowKit.Orchestration.Launching;

/// <summary>
/// Reads a pipe line by line, whatever comes: a line that never ends is cut, so that it takes no memory, and reading never stops.
/// </summary>
internal static class LineReader
{
    private const int MaxLineLength = 8192;
    private const int Chunk = 16384;

    /// <summary>Reads until the pipe ends or breaks.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="told">Is told each line.</param>
    public static async Task ReadAsync(Stream pipe, Action<string> told)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        var line = new ArrayBufferWriter<byte>();
        try
        {
            int read;
            while ((read = await pipe.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                Take(buffer.AsSpan(0, read), line, told);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The other side is gone in the middle of a line.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (line.WrittenCount > 0)
        {
            Tell(line, told);
        }
    }

    private static void Take(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> line, Action<string> told)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Append(line, bytes[..end]);
            Tell(line, told);
            bytes = bytes[(end + 1)..];
        }

        Append(line, bytes);
    }

    private static void Append(ArrayBufferWriter<byte> line, ReadOnlySpan<byte> bytes) =>
        line.Write(bytes[..Math.Min(bytes.Length, MaxLineLength - line.WrittenCount)]);

    private static void Tell(ArrayBufferWriter<byte> line, Action<string> told)
    {
        var text = Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r');
        if (line.WrittenCount == MaxLineLength)
        {
            text += " …";
        }

        line.ResetWrittenCount();
        told(text);
    }
}
