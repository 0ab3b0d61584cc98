using FlowKit.Imaging;

namespace FlowKit.Clip;

/// <summary>Something to embed: a text, or a picture in a file, in memory or decoded.</summary>
public sealed class ClipInput
{
    private static readonly string[] s_pictures =
    [
        ".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".tga", ".pbm", ".pgm", ".ppm", ".heic", ".avif",
    ];

    private const string FilePrefix = "file:";

    private const string TextPrefix = "text:";

    private readonly object _value;

    private ClipInput(object value) => _value = value;

    /// <summary>Indicates whether the input is a picture.</summary>
    public bool IsImage => _value is not string;

    /// <summary>A text.</summary>
    /// <param name="text">The text.</param>
    public static ClipInput Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ClipInput(text);
    }

    /// <summary>A picture in a file.</summary>
    /// <param name="path">The file, read when it is embedded.</param>
    public static ClipInput Image(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ClipInput(new FileInfo(path));
    }

    /// <summary>A picture as the bytes of its file.</summary>
    /// <param name="file">JPEG, PNG, WebP and others.</param>
    public static ClipInput Image(ReadOnlyMemory<byte> file) => new(file);

    /// <summary>A decoded picture, which stays the caller's.</summary>
    /// <param name="pixels">The picture.</param>
    public static ClipInput Image(RgbImage pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        return new ClipInput(pixels);
    }

    /// <summary>
    /// A picture when the text names a file that ends as pictures do; otherwise the text. <c>file:</c> before it says that it is a
    /// picture, <c>text:</c> that it is a text. A sentence that only ends like a file name, with spaces and no folder, stays a text when
    /// there is no such file.
    /// </summary>
    /// <param name="value">A path or a text.</param>
    /// <exception cref="FlowKitException">It reads like the path of a picture, and there is no such file.</exception>
    public static ClipInput PathOrText(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.StartsWith(TextPrefix, StringComparison.Ordinal))
        {
            return Text(value[TextPrefix.Length..]);
        }

        if (value.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            var path = value[FilePrefix.Length..];
            return File.Exists(path) ? Image(path) : throw NoFile(path, $"'{FilePrefix}' says that it is one");
        }

        if (!s_pictures.Contains(Path.GetExtension(value), StringComparer.OrdinalIgnoreCase))
        {
            return Text(value);
        }

        if (File.Exists(value))
        {
            return Image(value);
        }

        return value.Contains(' ', StringComparison.Ordinal) && value.IndexOfAny(['/', '\\']) < 0
            ? Text(value)
            : throw NoFile(value, $"a text that ends like one is written '{TextPrefix}{value}'");
    }

    /// <summary>A text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ClipInput(string text) => Text(text);

    /// <summary>Embeds inputs of both kinds, each kind in one go.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>An embedding for each, in order, as the model gives it.</returns>
    internal static float[][] Encode(ClipModel model, IReadOnlyList<ClipInput> inputs, CancellationToken cancellation)
    {
        var result = new float[inputs.Count][];
        Put(
            result,
            Places(inputs, input => input._value is string),
            places => model.EncodeTexts([.. places.Select(place => (string)inputs[place]._value)], cancellation));
        Put(
            result,
            Places(inputs, input => input._value is RgbImage),
            places => model.EncodeImages([.. places.Select(place => (RgbImage)inputs[place]._value)], cancellation));
        Put(
            result,
            Places(inputs, input => input._value is FileInfo or ReadOnlyMemory<byte>),
            places => model.EncodeImages([.. places.Select(place => inputs[place].Bytes())], cancellation: cancellation));
        return result;
    }

    private static int[] Places(IReadOnlyList<ClipInput> inputs, Func<ClipInput, bool> isKind) =>
        [.. Enumerable.Range(0, inputs.Count).Where(place => isKind(inputs[place]))];

    private static void Put(float[][] result, int[] places, Func<int[], float[][]> encode)
    {
        if (places.Length == 0)
        {
            return;
        }

        var embeddings = encode(places);
        for (var i = 0; i < places.Length; i++)
        {
            result[places[i]] = embeddings[i];
        }
    }

    private static FlowKitException NoFile(string path, string why) =>
        new(FlowErrorCode.NotFound, $"There is no picture '{path}': {why}.");

    private ReadOnlyMemory<byte> Bytes()
    {
        if (_value is ReadOnlyMemory<byte> bytes)
        {
            return bytes;
        }

        var path = ((FileInfo)_value).FullName;
        try
        {
            return RegularFile.Read(path);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"The picture '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
