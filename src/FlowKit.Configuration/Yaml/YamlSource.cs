using System.Buffers;
using System.Text;
using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Yaml;

/// <summary>The text of a YAML file: UTF-8, of limited size, and without the control characters that YAML forbids.</summary>
internal static class YamlSource
{
    private const char ByteOrderMark = '\uFEFF';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file, but never more of it than is allowed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">What messages call it.</param>
    /// <exception cref="FlowConfigException">The file cannot be read, is too large, or is not text.</exception>
    public static string ReadFile(string path, string shown)
    {
        if (Directory.Exists(path))
        {
            throw ConfigDiagnostics.Fatal(new SourcePlace(shown, 0, 0), "it is a folder; a file is expected, such as flow.yml in it");
        }

        var bytes = ArrayPool<byte>.Shared.Rent(YamlLimits.Bytes + 1);
        try
        {
            using var file = File.OpenRead(path);
            var count = file.ReadAtLeast(bytes.AsSpan(0, YamlLimits.Bytes + 1), YamlLimits.Bytes + 1, throwOnEndOfStream: false);
            return Decode(bytes.AsSpan(0, count), shown);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ConfigDiagnostics.Fatal(
                new SourcePlace(shown, 0, 0),
                $"the file cannot be read: {exception.Message.Replace(path, shown, StringComparison.Ordinal)}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Checks a text and removes its byte order mark.</summary>
    /// <exception cref="FlowConfigException">The text is too large or holds a character that YAML forbids.</exception>
    public static string Check(string text, string file)
    {
        if (text.Length > YamlLimits.Bytes)
        {
            throw TooLarge(file);
        }

        var body = text.TrimStart(ByteOrderMark);
        var bad = body.AsSpan().IndexOfAny(Forbidden);
        return bad < 0 ? body : throw ConfigDiagnostics.Fatal(
            PlaceOf(body.AsSpan(0, bad), file),
            $"the control character U+{(int)body[bad]:X4} is not allowed in YAML");
    }

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(IsForbidden)]);

    private static bool IsForbidden(char character) => char.IsControl(character) && character is not ('\t' or '\n' or '\r' or '\u0085');

    private static string Decode(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length > YamlLimits.Bytes)
        {
            throw TooLarge(path);
        }

        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            var before = Strict.GetString(bytes[..Math.Max(0, exception.Index)]);
            throw ConfigDiagnostics.Fatal(
                PlaceOf(before, path), $"the byte 0x{exception.BytesUnknown?.FirstOrDefault():X2} is not UTF-8; save the file as UTF-8");
        }
    }

    private static SourcePlace PlaceOf(ReadOnlySpan<char> before, string file) =>
        new(file, before.Count('\n') + 1, before.Length - (before.LastIndexOf('\n') + 1) + 1);

    private static FlowConfigException TooLarge(string file) =>
        ConfigDiagnostics.Fatal(new SourcePlace(file, 0, 0), $"the file is larger than {YamlLimits.Bytes / 1024} KiB, which no flow needs");
}
