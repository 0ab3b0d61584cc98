using static FlowKit.Configuration.Declare;

namespace FlowKit.Configuration;

/// <summary>The keys of <c>uses:</c> where it is a mapping, which is Jina's form of an executor's own YAML.</summary>
internal static class UsesKeys
{
    public static readonly Key<string?> Type = Text("jtype");
    public static readonly Key<YamlMapping?> With = Mapping("with");
    public static readonly Key<YamlMapping?> Metas = Mapping("metas");
    public static readonly Key<IReadOnlyDictionary<string, string>> Requests = TextMap("requests");

    public static readonly KeyTable Table = new([
        Type, With, Metas, Requests,
        .. Later("dynamic batching by key; put [DynamicBatching] on the method", "dynamic_batching", "uses_dynamic_batching"),
        .. Refused(Python, "py_modules"),
    ]);

    /// <summary>The keys of <c>metas:</c> and <c>uses_metas:</c>.</summary>
    public static class Meta
    {
        public static readonly Key<string?> Name = Text("name");
        public static readonly Key<string?> Description = Text("description");
        public static readonly Key<string?> Workspace = Text("workspace");

        public static readonly KeyTable Table = new([Name, Description, Workspace, .. Ignored("url", "keywords", "alias"), .. Refused(Python, "py_modules")]);
    }
}
