using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Specs.Browsers;
using FlowKit.Specs.Running;
using FlowKit.Tests;
using Microsoft.Playwright;

namespace FlowKit.Specs;

/// <summary>A page of another origin, in a real Chromium, against a flow with the default options.</summary>
public sealed class ForeignPageSpecs : IDisposable
{
    /// <summary>Names that a stranger owns and leads to this machine.</summary>
    private const string Resolver = "--host-resolver-rules=MAP shop.example 127.0.0.1, MAP rebound.example 127.0.0.1";

    private const string Body = """{"data":[{"text":"from the shop"}],"execEndpoint":"/run"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public async Task It_gets_nothing_done_and_reads_nothing()
    {
        await using var flow = await StartFlowAsync();
        using var shop = Shop.Start();
        await using var chromium = await Chromium.StartAsync(Resolver);
        foreach (var site in (string[])[$"http://shop.example:{shop.Port}/", $"http://127.0.0.1:{shop.Port}/", $"http://localhost:{shop.Port}/"])
        {
            foreach (var name in (string[])["127.0.0.1", "localhost"])
            {
                var page = await chromium.Browser.NewPageAsync();
                await page.GotoAsync(site);
                var tried = await TryEverythingAsync(page, $"{name}:{PortOf(flow)}");

                Assert.All(tried, told => Assert.EndsWith(": refused", told, StringComparison.Ordinal));
                Assert.DoesNotContain(page.Frames, frame => frame.Url.EndsWith("/docs", StringComparison.Ordinal));
                Assert.Equal(0, await CallsAsync(flow));
                await page.CloseAsync();
            }
        }
    }

    [ChromiumFact]
    public async Task Nor_does_a_name_that_was_led_to_this_machine_after_the_page_was_loaded()
    {
        await using var flow = await StartFlowAsync();
        await using var chromium = await Chromium.StartAsync(Resolver);

        // For the browser, whatever this address answers is the stranger's own page now; the page that was loaded before set its own policy.
        var page = await chromium.Browser.NewPageAsync(new BrowserNewPageOptions { BypassCSP = true });
        var answer = await page.GotoAsync($"http://rebound.example:{PortOf(flow)}/");
        var own = await page.EvaluateAsync<int[]>(
            """
            async body => {
                const post = type => fetch('/post', { method: 'POST', headers: { 'content-type': type }, body }).then(reply => reply.status);
                return [await post('application/json'), await post('text/plain'), (await fetch('/status')).status, (await fetch('/openapi.json')).status];
            }
            """,
            Body);
        var socket = await OpenSocketAsync(page, $"rebound.example:{PortOf(flow)}");

        Assert.Equal(421, answer!.Status);
        Assert.All(own, status => Assert.Equal(421, status));
        Assert.False(socket);
        Assert.Equal(0, await CallsAsync(flow));
    }

    [ChromiumFact]
    public async Task The_flows_own_page_works()
    {
        await using var flow = await StartFlowAsync();
        await using var chromium = await Chromium.StartAsync(Resolver);
        foreach (var name in (string[])["127.0.0.1", "localhost"])
        {
            var page = await chromium.Browser.NewPageAsync();
            await page.GotoAsync($"http://{name}:{PortOf(flow)}/docs");

            var status = await page.EvaluateAsync<int>(
                "async body => (await fetch('/post', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status", Body);

            Assert.Equal(200, status);
            Assert.True(await OpenSocketAsync(page, $"{name}:{PortOf(flow)}"));
        }

        Assert.Equal(2, await CallsAsync(flow));
    }

    private async Task<RunningFlow> StartFlowAsync()
    {
        _folder.File("Counted.cs", """
            public sealed class Counted : Executor
            {
                private int _calls;

                [Requests]
                public void Count() => Interlocked.Increment(ref _calls);

                [Requests("/calls")]
                public object Calls() => new { calls = _calls };
            }
            """);
        var file = _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - name: counted\n    uses: ./Counted.cs\n");
        return await RunningFlow.StartAsync(file, Path.Combine(_folder.Path, "workspace"));
    }

    private static int PortOf(RunningFlow flow) => new Uri(flow.Address).Port;

    /// <summary>The number of calls that reached the executor, whatever their endpoint.</summary>
    private static async Task<int> CallsAsync(RunningFlow flow)
    {
        using var response = await flow.Http.PostAsJsonAsync("/post", new { data = Array.Empty<object>(), execEndpoint = "/calls" });
        var reply = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        return (int)reply["parameters"]!["__results__"]!.AsObject().Single().Value!["calls"]!;
    }

    private static Task<bool> OpenSocketAsync(IPage page, string host) => page.EvaluateAsync<bool>(
        """
        host => new Promise(done => {
            const socket = new WebSocket(`ws://${host}/`);
            socket.onopen = () => done(true);
            socket.onerror = () => done(false);
        })
        """,
        host);

    /// <summary>
    /// All that a page can send without being asked, whose answers it cannot read, and all that it can try to read, each with how it went.
    /// </summary>
    private static Task<string[]> TryEverythingAsync(IPage page, string host) => page.EvaluateAsync<string[]>(
        """
        async ({ host, body }) => {
            const address = `http://${host}`;
            const told = [];
            const tell = (what, got) => told.push(`${what}: ${got ? 'ANSWERED' : 'refused'}`);
            const paths = ['/post', '/run', '/counted', '/search', '/index', '/admin/scale'];

            // Its answer cannot be read; whether it did anything is seen at the executor.
            for (const path of paths) {
                for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
                    const frame = Object.assign(document.createElement('iframe'), { name: `f${told.length}` });
                    const form = Object.assign(document.createElement('form'), { method: 'post', action: address + path, enctype, target: frame.name });
                    const field = Object.assign(document.createElement('input'), { name: body.slice(0, -1) + ',"a":"', value: '"}' });
                    form.append(field);
                    document.body.append(frame, form);
                    const loaded = new Promise(done => { frame.onload = done; setTimeout(done, 1000); });
                    form.submit();
                    await loaded;
                }
                for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
                    await fetch(address + path, { method: 'POST', mode: 'no-cors', headers: { 'content-type': type }, body }).catch(() => {});
                }
                await fetch(address + path, { method: 'POST', mode: 'no-cors', body: new Blob([body]) }).catch(() => {});
                navigator.sendBeacon(address + path, new Blob([body], { type: 'text/plain' }));
                const asked = await fetch(address + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => null);
                tell(`fetch as JSON ${path}`, asked?.ok);
            }

            for (const path of ['/status', '/ready', '/openapi.json', '/', '/post?data=x']) {
                const read = await fetch(address + path).catch(() => null);
                tell(`read ${path}`, read?.ok);
            }

            for (const path of ['/', '/stream']) {
                const opened = await new Promise(done => {
                    const socket = new WebSocket(`ws://${host}${path}`);
                    socket.onopen = () => { socket.send(body); done(true); };
                    socket.onerror = () => done(false);
                });
                tell(`socket ${path}`, opened);
            }

            const events = await new Promise(done => {
                const source = new EventSource(`${address}/run`);
                source.onopen = () => done(true);
                source.onerror = () => { source.close(); done(false); };
            });
            tell('events', events);

            const framed = document.createElement('iframe');
            framed.src = `${address}/docs`;
            document.body.append(framed);
            await new Promise(done => { framed.onload = done; setTimeout(done, 1000); });
            return told;
        }
        """,
        new { host, body = Body });

    /// <summary>The stranger's server: one empty page under any name.</summary>
    private sealed class Shop : IDisposable
    {
        private readonly HttpListener _listener;

        private Shop(int port)
        {
            (Port, _listener) = (port, new HttpListener());
            _listener.Prefixes.Add($"http://*:{port}/");
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port { get; }

        public static Shop Start() => new(FreePort.Find());

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    context.Response.ContentType = "text/html";
                    context.Response.Close(Encoding.UTF8.GetBytes("<!doctype html><title>Shop</title><body></body>"), willBlock: false);
                }
                catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
