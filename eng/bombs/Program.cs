using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FlowKit.Bombs;

const long Limit = 2L << 30;
const string Search = "  - {name: encoder, uses: ClipEncoder}\n  - {name: indexer, uses: VectorIndexer}\n";
const string Decoder = "  - {name: decoder, uses: ImageDecoder}\n";

const string Both = "  - {name: decoder, uses: ImageDecoder}\n  - {name: encoder, uses: ClipImageEncoder, uses_with: {drop_image_content: true}}\n";

Bomb[] bombs =
[
    new("4 x gzip of 260 MB, 1:120", Search, "/search", 4, () => Inputs.PackedText(260_000_000, 1_500)) { IsPacked = true },
    new("4 x gzip of 260 MB, 1:400", Search, "/search", 4, () => Inputs.PackedText(260_000_000, 8_000)) { IsPacked = true },
    new("8 x 100 MP, encoder", Search, "/search", 1, () => Inputs.Pictures(8)),
    new("1 x 100 MP, encoder", Search, "/search", 1, () => Inputs.Pictures(1)),
    new("8 x 100 MP, decoder", Decoder, "/search", 1, () => Inputs.Pictures(8)),
    new("8 x 100 MP, decoder and encoder", Both, "/search", 1, () => Inputs.Pictures(8)),
    new("1 x 100 MP, decoder and encoder", Both, "/search", 1, () => Inputs.Pictures(1)),
    new("reply of 2 GB (3 x 100 MP)", Decoder, "/search", 1, () => Inputs.Pictures(3)),
    new("3,000,000 empty documents", Search, "/search", 1, () => Inputs.Empty(3_000_000)),
    new("a text of 20 MB", Search, "/search", 1, () => Inputs.Text(20_000_000)),
];

if (args.Length == 0)
{
    await Console.Error.WriteLineAsync("usage: Bombs FLOWKIT.DLL [PART-OF-A-NAME]");
    return 2;
}

using var group = new MemoryGroup(Limit);
Console.WriteLine(group.IsThere ? "Memory is bounded by a control group: 2 GiB." : "Memory is bounded by DOTNET_GCHeapHardLimit: 2 GiB.");
Console.WriteLine("| bomb | start MB | peak MB | after 10 s MB | seconds | answers | neighbour p50/p99 ms | failed |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var bomb in bombs.Where(bomb => args.Length == 1 || bomb.Name.Contains(args[1], StringComparison.OrdinalIgnoreCase)))
{
    await using var flow = await FlowProcess.StartAsync(args[0], bomb.Flow, Limit, group);
    using var stop = new CancellationTokenSource();
    var neighbour = new Neighbour(flow.Client, bomb.Path);
    var asking = neighbour.RunAsync(stop.Token);
    await Task.Delay(2000);
    var start = flow.Resident;
    var body = bomb.Make();
    var begun = Stopwatch.GetTimestamp();
    var answers = await Task.WhenAll(Enumerable.Range(0, bomb.Times).Select(_ => SendAsync(flow.Client, bomb, body)));
    var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
    await Task.Delay(10_000);
    await stop.CancelAsync();
    await asking;
    var (peak, after) = flow.HasEnded ? ("killed", "-") : (Number(flow.MostResident), Number(flow.Resident));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {bomb.Name} | {start} | {peak} | {after} | {took:0.0} | {string.Join("; ", answers.Distinct())} | {neighbour.Percentile(0.5):0} / {neighbour.Percentile(0.99):0} | {neighbour.Failures} of {neighbour.Count} |"));
}

return 0;

static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

static async Task<string> SendAsync(HttpClient client, Bomb bomb, byte[] body)
{
    try
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (bomb.IsPacked)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, bomb.Path) { Content = content };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return $"{(int)response.StatusCode} {await ReasonAsync(response)}";
    }
    catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
    {
        return exception.GetBaseException().Message;
    }
}

// Of a large reply only the beginning is read; what failed stands in short ones, or in the documents.
static async Task<string> ReasonAsync(HttpResponseMessage response)
{
    await using var stream = await response.Content.ReadAsStreamAsync();
    var buffer = new byte[64 << 10];
    var errors = new Dictionary<string, int>(StringComparer.Ordinal);
    long length = 0;
    var start = "";
    for (int read; (read = await stream.ReadAsync(buffer)) > 0; length += read)
    {
        var text = Encoding.UTF8.GetString(buffer, 0, read);
        start = length == 0 ? text : start;
        foreach (var part in text.Split("\"description\":\"").Skip(1))
        {
            var reason = part.Split('"')[0];
            errors[reason] = errors.GetValueOrDefault(reason) + 1;
        }
    }

    var told = start.Contains("\"detail\"", StringComparison.Ordinal) ? JsonDocument.Parse(start).RootElement.GetProperty("detail").ToString() : "";
    return $"{told}{string.Join(", ", errors.Where(error => error.Key.Length > 0).Select(error => $"{error.Value} x {error.Key}"))} ({length} bytes)";
}
