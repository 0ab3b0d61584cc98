namespace FlowKit.Wire.Proto.V2;

/// <summary>
/// DocArray v2's names of array types and v1's <see cref="NdArray.Framework"/>; a name that only v2 has, such as <c>image_ndarray</c>, is
/// kept as it is.
/// </summary>
internal static class ArrayTypes
{
    private const string NumPy = "ndarray";

    public static string? FrameworkOf(string? type) => type switch
    {
        null or "" or NumPy => null,
        "torch_tensor" => "torch",
        "tensorflow_tensor" => "tensorflow",
        _ => type,
    };

    public static string TypeOf(string? framework) => framework switch
    {
        null or "numpy" or "list" or "scipy" or "paddle" => NumPy,
        "torch" => "torch_tensor",
        "tensorflow" => "tensorflow_tensor",
        _ => framework,
    };

    /// <summary>The array as v1 peers know it: they take one of an unknown kind for none at all.</summary>
    public static string V1Of(string? framework) => framework switch
    {
        "list" or "torch" or "tensorflow" or "paddle" or "scipy" => framework,
        { } name when name.Contains("torch", StringComparison.Ordinal) => "torch",
        { } name when name.Contains("tensorflow", StringComparison.Ordinal) => "tensorflow",
        _ => "numpy",
    };
}
