namespace FlowKit.Clip.Tests;

/// <summary>The embedded model, and pictures that it knows.</summary>
internal static class Pictures
{
    private static readonly Lazy<ClipModel> s_model = new(() => ClipModel.Open("tiny-clip"));

    public static ClipModel Model => s_model.Value;

    public static string At(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlowKit.sln")))
            {
                return Path.Combine(folder.FullName, "flows", "image-search", "pictures", $"{name}.jpg");
            }
        }

        throw new InvalidOperationException("The tests run outside the checkout.");
    }
}
