namespace FlowKit.Clip.Models;

/// <summary>A file of a model, as its card names it.</summary>
/// <param name="Path">The path within the model's folder.</param>
/// <param name="Sha256">The SHA-256 in hexadecimal; checked on opening where given.</param>
/// <param name="Bytes">The length; checked on opening where given.</param>
public sealed record ClipModelFile(string Path, string? Sha256 = null, long? Bytes = null);
