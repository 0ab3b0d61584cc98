using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Client;

namespace FlowKit.Cli.Output;

/// <summary>
/// Prints where a round trip's time went, as clip-as-service's <c>profile</c> does: each line's share is of the line it stands under.
/// </summary>
internal static class ProfileView
{
    private const int NameWidth = 28;

    public static void Write(FlowProfile profile, int roundTrips, bool asJson, TextWriter output) =>
        output.WriteLine(asJson
            ? ToJson(profile, roundTrips).ToJsonString()
            : string.Join(Environment.NewLine, Lines(profile, roundTrips)));

    private static IEnumerable<string> Lines(FlowProfile profile, int roundTrips)
    {
        var gateway = profile.Queue + profile.Busy;
        yield return Line("", roundTrips == 1 ? "Roundtrip" : $"Roundtrip (median of {roundTrips})", profile.Total, profile.Total);
        yield return Line("├── ", "Client-server network", profile.Network, profile.Total);
        yield return Line("└── ", "Server", gateway, profile.Total);
        yield return Line(profile.Executors.Count > 0 ? "    ├── " : "    └── ", "Gateway and queues", profile.Queue, gateway);
        for (var i = 0; i < profile.Executors.Count; i++)
        {
            var branch = i + 1 < profile.Executors.Count ? "    ├── " : "    └── ";
            yield return Line(branch, profile.Executors[i].Executor, profile.Executors[i].Duration, gateway);
        }
    }

    private static string Line(string branch, string name, TimeSpan time, TimeSpan of)
    {
        var share = of > TimeSpan.Zero ? 100 * (time / of) : 0;
        return string.Create(
            CultureInfo.InvariantCulture, $"{(branch + name).PadRight(NameWidth + 8)} {time.TotalMilliseconds,9:0.00} ms {share,4:0} %");
    }

    private static JsonObject ToJson(FlowProfile profile, int roundTrips) => new()
    {
        ["round_trips"] = roundTrips,
        ["total_ms"] = Milliseconds(profile.Total),
        ["network_ms"] = Milliseconds(profile.Network),
        ["queue_ms"] = Milliseconds(profile.Queue),
        ["busy_ms"] = Milliseconds(profile.Busy),
        ["executors"] = new JsonArray([.. profile.Executors.Select(executor => new JsonObject
        {
            ["executor"] = executor.Executor,
            ["start_ms"] = Milliseconds(executor.Start),
            ["duration_ms"] = Milliseconds(executor.Duration),
        })]),
    };

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
