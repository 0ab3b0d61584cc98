namespace FlowKit.Clip.Models;

/// <summary>The precision of a graph's numbers, as the suffix of its file name states it.</summary>
internal static class GraphPrecision
{
    internal const string Full = "fp32";

    private static readonly string[] Known = [Full, "fp16", "int8", "uint8", "q4f16", "q4", "bnb4"];

    /// <summary>The precision that a file's name states; <c>fp32</c> where it states none.</summary>
    internal static string Of(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path).ToLowerInvariant();
        return name switch
        {
            _ when name.StartsWith("onnx16", StringComparison.Ordinal) => "fp16",
            _ when name.Contains("uint8", StringComparison.Ordinal) => "uint8",
            _ when name.Contains("quant", StringComparison.Ordinal) => "int8",
            _ => LongestSuffix(name) ?? Full,
        };
    }

    private static string? LongestSuffix(string name) => Known
        .Skip(1)
        .OrderByDescending(static word => word.Length)
        .FirstOrDefault(word => name.Contains(word, StringComparison.Ordinal));

    /// <summary>Its place among all, the most exact first.</summary>
    internal static int Order(string precision) => Array.IndexOf(Known, precision);

    /// <summary>The precision that is meant.</summary>
    /// <exception cref="FlowKitException">Not one there is.</exception>
    internal static string? Check(string? variant) => variant is null || Known.Contains(variant)
        ? variant
        : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The variant is '{variant}'; expected {string.Join(", ", Known)}.");
}
