using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.TestKit;

namespace FlowKit.Components;

public sealed class HubTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private string? _variable;

    public void Dispose() => _folder.Dispose();

    private ExecutorConfig Read(string uses, string more = "") =>
        FlowConfigReader.ReadText($"jtype: Flow\npods:\n  - name: encoder\n    uses: '{uses}'\n{more}", "flow.yml", new FlowReadOptions
        {
            BaseDirectory = _folder.Path,
            Environment = name => name == "FLOWKIT_HUB" ? _variable : null,
        }).Executors[0];

    private string Refuse(string uses, string more = "") => Assert.Throws<FlowConfigException>(() => Read(uses, more)).Message;

    [Theory]
    [InlineData("jinahub+docker://ClipImageEncoder:v1")]
    [InlineData("jinahub+docker://CLIPImageEncoder")]
    [InlineData("jinahub://CLIPImageEncoder/v0.4")]
    [InlineData("jinahub://CLIPImageEncoder:secret/latest")]
    [InlineData("jinaai://jina-ai/CLIPImageEncoder:latest")]
    [InlineData("jinaai+docker://jina-ai/CLIPImageEncoder")]
    [InlineData("CLIPImageEncoder")]
    public void Known_names_are_built_in(string uses) =>
        Assert.Equal(typeof(ClipImageEncoder), ComponentCatalog.Of(typeof(ClipImageEncoder)).Resolve(Read(uses), _folder.Path).Type);

    [Theory]
    [InlineData("hub: {MyEncoder: ClipImageEncoder}", "ClipImageEncoder")]
    [InlineData("hub: {'MyEncoder:v1': ./exact, MyEncoder: ./any}", "./exact")]
    [InlineData("hub: {'me/MyEncoder': nuget://My.Encoder@1.2.3, MyEncoder: ./any}", "nuget://My.Encoder@1.2.3")]
    [InlineData("with: {hub: {MyEncoder: ./Encoder.cs}}", "./Encoder.cs")]
    public void A_table_says_what_stands_for_a_name(string table, string expected)
    {
        _variable = "{MyEncoder: FromTheEnvironment}";

        Assert.Equal(expected, Read(table.Contains("me/", StringComparison.Ordinal) ? "jinaai://me/MyEncoder:v1" : "jinahub://MyEncoder:v1", table).Uses);
    }

    [Theory]
    [InlineData("Upper", UsesOrigin.Name, "Upper", null)]
    [InlineData("My.Own.Upper", UsesOrigin.Name, "My.Own.Upper", null)]
    [InlineData("./Upper.cs#Upper", UsesOrigin.Source, "./Upper.cs", "Upper")]
    [InlineData("..", UsesOrigin.Project, "..", null)]
    [InlineData("a/b#C", UsesOrigin.Project, "a/b", "C")]
    [InlineData("My.fsproj", UsesOrigin.Project, "My.fsproj", null)]
    [InlineData("bin/My.dll#My.Own.Upper", UsesOrigin.Assembly, "bin/My.dll", "My.Own.Upper")]
    [InlineData("nuget://My@1.0.0#C", UsesOrigin.Package, "My@1.0.0", "C")]
    [InlineData("docker://registry/image:tag", UsesOrigin.Name, "docker://registry/image:tag", null)]
    [InlineData("jinaai://me/Name:v1", UsesOrigin.Hub, "jinaai://me/Name:v1", null)]
    public void The_forms_of_uses_are_told_apart(string uses, object origin, string target, string? type) =>
        Assert.Equal(new UsesReference((UsesOrigin)origin, target, type), UsesReference.Parse(uses));

    [Fact]
    public void The_environment_says_it_below_the_flow()
    {
        _variable = """{"MyEncoder": "ClipImageEncoder", "Other": "X"}""";

        Assert.Equal("ClipImageEncoder", Read("jinaai+docker://me/MyEncoder:v2", "hub: {Other: Y}").Uses);
    }

    [Fact]
    public void A_path_starts_in_the_file_with_the_table()
    {
        _folder.Write("inner/flow.yml", "executors:\n  - {name: a, uses: jinahub://One}\n  - {name: b, uses: jinahub://Two}\nhub: {One: ./one.cs}\n");

        var flow = FlowConfigReader.ReadText("executors:\n  - {name: x, uses: inner/flow.yml}\nhub: {One: ./no.cs, Two: two.cs}\n", "flow.yml", new FlowReadOptions { BaseDirectory = _folder.Path });

        Assert.Equal(["./one.cs", Path.Combine(_folder.Path, "two.cs")], flow.Executors.Take(2).Select(executor => executor.Uses));
    }

    [Fact]
    public void An_executors_own_file_may_stand_for_a_name_and_Pythons_keys_are_explained()
    {
        _folder.Write("clip/config.yml", "jtype: CLIPImageEncoder\nwith: {batch_size: 16}\nmetas:\n  py_modules: [clip_image.py]\npy_modules: clip_image.py\n");

        var flow = FlowConfigReader.ReadText("executors:\n  - {name: x, uses: jinahub://Clip}\nhub: {Clip: clip/config.yml}\n", "flow.yml", new FlowReadOptions { BaseDirectory = _folder.Path });

        var executor = flow.Executors[0];
        Assert.Equal(("CLIPImageEncoder", """{"batch_size":16}"""), (executor.Uses, executor.UsesWith.ToJsonString()));
        Assert.Equal(typeof(ClipImageEncoder), ComponentCatalog.Of(typeof(ClipImageEncoder)).Resolve(executor, _folder.Path).Type);
        var config = Path.Combine("clip", "config.yml");
        Assert.Equal(
            [
                $"{config}:4:15: metas.py_modules: ignored: it names Python files, which are not read: 'jtype' names the .NET executor that does the work",
                $"{config}:5:13: py_modules: ignored: it names Python files, which are not read: 'jtype' names the .NET executor that does the work",
            ],
            flow.Warnings.Select(warning => warning.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("jinahub://", "", "flow.yml:4:11: executors.encoder.uses: expected a name after 'jinahub://'")]
    [InlineData("jinahub://A", "hub: {A: jinahub://B}", "flow.yml:5:10: hub.A: expected an executor's name or class, or the path of a C# file, a project's folder or an assembly, not another name of the hub")]
    [InlineData("jinahub://A", "hub: {A: [x]}", "flow.yml:5:10: hub.A: expected an executor's name or class, or the path of a C# file, a project's folder or an assembly, not a list")]
    [InlineData("jinahub://A", "hub: [x]", "flow.yml:5:6: hub: expected a mapping, not a list")]
    [InlineData("nuget://A", "", "flow.yml:4:11: executors.encoder.uses: expected a package with its exact version, such as 'nuget://My.Executor@1.2.3'")]
    public void A_wrong_name_or_table_is_told_with_its_place(string uses, string table, string message) => Assert.Equal(message, Refuse(uses, table));

    [Theory]
    [InlineData("[a]")]
    [InlineData("{a: ")]
    public void A_wrong_variable_is_told(string value)
    {
        _variable = value;
        Assert.Equal("FLOWKIT_HUB: expected a mapping of names to what is used instead, such as '{MyEncoder: ./encoder}'", Refuse("jinahub://A"));
    }

    [Fact]
    public void A_name_that_nothing_stands_for_says_where_to_write_what_does() => Assert.Equal(
        "flow.yml:4:11: uses: nothing here stands for 'jinaai://me/MyEncoder:v1', and there is no hub; say what does in the flow, 'hub: {MyEncoder: ./my-executor}', or in FLOWKIT_HUB",
        Assert.Throws<FlowConfigException>(() => ComponentCatalog.Of().Resolve(Read("jinaai://me/MyEncoder:v1"), _folder.Path)).Message);

    /// <summary>Stands for the real one, whose model these tests do not need.</summary>
    [Executor("ClipImageEncoder")]
    public sealed class ClipImageEncoder : Executor;
}
