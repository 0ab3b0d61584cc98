using FlowKit.Imaging;

namespace FlowKit.Clip;

/// <summary>Something to embed: a text, or a picture in a file, in memory or decoded.</summary>
public sealed class ClipInput
{
    private static readonly string[] s_pictures = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".avif"];

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
    /// A picture when the text names a file that is there and ends as pictures do; otherwise the text. A sentence that only looks like a
    /// file name stays a text.
    /// </summary>
    /// <param name="value">A path or a text.</param>
    public static ClipInput PathOrText(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return s_pictures.Contains(Path.GetExtension(value), StringComparer.OrdinalIgnoreCase) && File.Exists(value)
            ? Image(value)
            : Text(value);
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FlowKitException(FlowErrorCode.NotFound, $"The picture '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
