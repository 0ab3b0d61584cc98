using FlowKit.Configuration.Batching;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Executors;

/// <summary>The keys of an executor's own YAML file, and of <c>uses:</c> where it is a mapping.</summary>
internal static class UsesKeys
{
    public static readonly Key<string?> Type = Text("jtype");
    public static readonly Key<YamlMapping?> With = Mapping("with");
    public static readonly Key<YamlMapping?> Metas = Mapping("metas");
    public static readonly Key<IReadOnlyDictionary<string, string>> Requests = TextMap("requests");

    public static readonly Key<IReadOnlyDictionary<string, BatchingConfig>> DynamicBatching = BatchingMap(
        "dynamic_batching", "uses_dynamic_batching");

    public static readonly KeyTable Table = new([
        Type, With, Metas, Requests, DynamicBatching,
        .. Ignored("version"),
        .. Warned(Declare.PythonSource, "py_modules"),
        .. Warned(JinaCloud, "jcloud"),
        .. Warned("as in Jina it belongs under 'metas', or beside 'uses'", "workspace"),
    ]);

    /// <summary>The keys of <c>metas:</c> and <c>uses_metas:</c>.</summary>
    public static class Meta
    {
        public static readonly Key<string?> Name = Text("name");
        public static readonly Key<string?> Description = Text("description");
        public static readonly Key<string?> Workspace = FilePath("workspace");

        public static readonly KeyTable Table = new(
            [Name, Description, Workspace, .. Ignored("url", "keywords", "alias"), .. Warned(Declare.PythonSource, "py_modules")]);
    }
}
