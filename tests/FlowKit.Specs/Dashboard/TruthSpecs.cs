using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Executors;
using FlowKit.Executors.Tests.Postgres;
using FlowKit.Specs.Running;

namespace FlowKit.Specs.Dashboard;

/// <summary>
/// What the start table, the state, the drawn graph and the description say of who works on an endpoint, against whose calls the
/// instruments count when it is asked.
/// </summary>
public sealed partial class TruthSpecs : IDisposable
{
    private const string AnyOther = "/any/other";

    /// <summary>The executors that come with FlowKit.</summary>
    private static readonly Type[] s_executors =
    [
        .. new[] { typeof(ClipEncoder), typeof(ImageDecoderExecutor), typeof(PgVectorIndexer), typeof(VectorIndexer) }
            .SelectMany(type => type.Assembly.GetTypes()).Where(type => typeof(Executor).IsAssignableFrom(type)),
    ];

    private static readonly string[] s_routes = ["/index", "/search", "/update", "/delete"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>All flows of the folder but those that need a database.</summary>
    public static TheoryData<string> Flows => [.. FilesOf(needsDatabase: false)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task Everything_that_tells_of_an_endpoint_tells_who_really_works_on_it(string file)
    {
        await using var flow = await RunningFlow.StartAsync(Repository.At("flows", file), _folder.Path);
        await CompareAsync(flow);
    }

    [PostgresFact]
    public async Task So_it_does_where_a_database_keeps_the_documents()
    {
        var start = FlowKitCommand.StartInfo(
            ["run", Repository.At("flows", Assert.Single(FilesOf(needsDatabase: true))), "--port", "0", "--workspace", _folder.Path]);
        start.Environment["DATABASE_URL"] = PostgresServer.Connection;
        await using var flow = await RunningFlow.StartAsync(start);
        await CompareAsync(flow);
    }

    private static IEnumerable<string> FilesOf(bool needsDatabase) =>
        from file in Directory.EnumerateFiles(Repository.At("flows"), "*.yml", SearchOption.AllDirectories)
        let text = File.ReadAllText(file)
        where text.Contains("jtype: Flow", StringComparison.Ordinal)
            && text.Contains("ENV.DATABASE_URL", StringComparison.Ordinal) == needsDatabase
        orderby file
        select Path.GetRelativePath(Repository.At("flows"), file);

    private static async Task CompareAsync(RunningFlow flow)
    {
        var status = JsonNode.Parse(await flow.Http.GetStringAsync("/status"))!["flow"]!["endpoints"]!.AsObject();
        var drawn = JsonNode.Parse(await flow.Http.GetStringAsync("/status/flow"))!;
        var described = JsonNode.Parse(await flow.Http.GetStringAsync("/openapi.json"))!;
        var table = TableOf(flow.Log);
        Assert.NotEmpty(status);
        Assert.Equal(status.Select(pair => pair.Key).Order(StringComparer.Ordinal), drawn["endpoints"]!.AsArray().Select(endpoint => (string)endpoint!["endpoint"]!));
        Assert.Equal(status.Select(pair => pair.Key).Order(StringComparer.Ordinal), table.Keys.Order(StringComparer.Ordinal));

        foreach (var (endpoint, names) in status)
        {
            var said = names!.AsArray().Select(name => (string)name!).ToList();
            var called = await WorkingAsync(flow, endpoint == "/default" ? AnyOther : endpoint, said.Exists(name => IsIndex(drawn, name)));
            var ran = called.FindAll(name => !DoesNothing(drawn, name, endpoint));
            ran = ran.Count > 0 ? ran : called;

            Assert.Equal((endpoint, string.Join(' ', said.Order(StringComparer.Ordinal))), (endpoint, string.Join(' ', ran)));
            Assert.Equal(said.Order(StringComparer.Ordinal), table[endpoint].Order(StringComparer.Ordinal));
            Assert.Equal(said, Drawn(drawn, endpoint));
            Assert.Equal(
                said.Order(StringComparer.Ordinal),
                drawn["executors"]!.AsArray().Where(node => node!["endpoints"]!.AsArray().Any(name => (string?)name == endpoint)).Select(node => (string)node!["name"]!).Order(StringComparer.Ordinal));
        }

        foreach (var route in s_routes)
        {
            var told = described["paths"]![route]!.AsObject().Single().Value!["x-flowkit-executors"]!.AsArray().Select(name => (string)name!);
            var expected = status.ContainsKey(route) ? Drawn(drawn, route) : Drawn(drawn, "/default");
            Assert.Equal((route, string.Join(' ', expected)), (route, string.Join(' ', told)));
        }
    }

    /// <summary>
    /// Tells whether the method for an endpoint takes nothing and gives nothing, so that its call only lets documents pass: by its signature.
    /// </summary>
    private static bool DoesNothing(JsonNode drawn, string executor, string endpoint)
    {
        var uses = UsesOf(drawn, executor);
        return s_executors.Where(type => uses == (type.GetCustomAttribute<ExecutorAttribute>()?.Name ?? type.Name))
            .SelectMany(type => type.GetMethods())
            .Any(method => method.GetCustomAttributes<RequestsAttribute>().Any(requests => requests.Endpoints.Contains(endpoint))
                && method.GetParameters().Length == 0
                && method.ReturnType == typeof(void));
    }

    /// <summary>Tells whether an executor keeps documents, of which some endpoints want the ids.</summary>
    private static bool IsIndex(JsonNode drawn, string executor) => UsesOf(drawn, executor) is nameof(VectorIndexer) or nameof(PgVectorIndexer);

    private static string? UsesOf(JsonNode drawn, string executor) =>
        (string?)drawn["executors"]!.AsArray().Single(node => (string?)node!["name"] == executor)!["uses"];

    private static List<string> Drawn(JsonNode drawn, string endpoint) =>
    [
        .. drawn["endpoints"]!.AsArray().Where(each => (string?)each!["endpoint"] == endpoint)
            .SelectMany(each => each!["executors"]!.AsArray()).Select(name => (string)name!),
    ];

    /// <summary>The rows of the table at the start that have executors, by endpoint.</summary>
    private static Dictionary<string, List<string>> TableOf(string log) => Row().Matches(log).ToDictionary(
        row => row.Groups["endpoint"].Value == "any other" ? "/default" : row.Groups["endpoint"].Value,
        row => row.Groups["executors"].Value.Split([' ', '(', ')', '|', '→', '~', ','], StringSplitOptions.RemoveEmptyEntries).ToList(),
        StringComparer.Ordinal);

    /// <summary>The executors whose calls were counted for one request of two documents, which take different roads where there are some.</summary>
    private static async Task<List<string>> WorkingAsync(RunningFlow flow, string endpoint, bool isIndex)
    {
        var before = await CallsAsync(flow);
        var body = new JsonObject
        {
            ["execEndpoint"] = endpoint,
            ["data"] = new JsonArray(DocumentOf("one?"), DocumentOf("two")),
            ["parameters"] = !isIndex ? new JsonObject()
                : endpoint is "/delete" or "/get" ? new JsonObject { ["ids"] = new JsonArray("1") }
                : endpoint == "/duplicates" ? new JsonObject { ["score_threshold"] = 0.9 } : new JsonObject(),
        };
        var reply = await ImageSearch.PostAsync(flow.Http, "/post", body);

        // A shard that says of itself that it cannot find duplicates was asked all the same.
        Assert.True(
            reply["header"]!["status"] is not { } failed || (endpoint == "/duplicates" && $"{failed}".Contains("shard", StringComparison.Ordinal)),
            $"{endpoint}: {reply["header"]!["status"]}");

        // What floats ends after the reply.
        Dictionary<string, double>? last = null;
        var after = await CallsAsync(flow);
        while (last is null || !Same(after, last))
        {
            last = after;
            await Task.Delay(1500);
            after = await CallsAsync(flow);
        }

        return [.. after.Where(pair => pair.Value > before.GetValueOrDefault(pair.Key)).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
    }

    private static JsonObject DocumentOf(string text) => new()
    {
        ["text"] = text,
        ["matches"] = new JsonArray(new JsonObject { ["text"] = "a match" }),
    };

    private static bool Same(Dictionary<string, double> left, Dictionary<string, double> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static async Task<Dictionary<string, double>> CallsAsync(RunningFlow flow) =>
        Call().Matches(await flow.Http.GetStringAsync("/metrics")).GroupBy(match => match.Groups["executor"].Value).ToDictionary(
            group => group.Key, group => group.Sum(match => double.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture)), StringComparer.Ordinal);

    [GeneratedRegex(@"^(?<endpoint>/\S+|any other) +(?:POST|PUT|DELETE|GET) http\S+ (?<executors>.+)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("""^flowkit_executor_duration_seconds_count\{[^}]*executor="(?<executor>[^"]+)"[^}]*\} (?<count>\d+)""", RegexOptions.Multiline)]
    private static partial Regex Call();
}
