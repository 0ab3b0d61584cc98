using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using FlowKit.Specs.Browsers;
using FlowKit.Specs.Running;
using Microsoft.Playwright;

namespace FlowKit.Specs.Dashboard;

/// <summary>The page of a running flow under load in a real Chromium: every view, by pointer and keyboard.</summary>
public sealed class DashboardSpecs(WatchedFlow watched) : IClassFixture<WatchedFlow>, IAsyncLifetime
{
    private static readonly string[] s_views = ["flow", "try", "search", "requests"];

    private Chromium? _chromium;

    public async Task InitializeAsync() => _chromium = ChromiumFactAttribute.ExecutablePath is null ? null : await Chromium.StartAsync();

    public Task DisposeAsync() => _chromium?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    [ChromiumFact]
    public async Task The_flow_is_drawn_and_alive()
    {
        var page = await OpenAsync("flow");
        await page.WaitForFunctionAsync("() => document.querySelector('#live').textContent === 'alive'");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.rate')].some(label => parseFloat(label.textContent) > 0)");

        Assert.Equal(
            ["decoder", "image_encoder", "text_encoder", "remote", "ends", "indexer", "ranker", "journal"],
            await page.Locator(".node .title").AllTextContentsAsync());
        Assert.Equal(["gateway", "reply"], await page.Locator(".node.end").AllTextContentsAsync());
        Assert.Contains("2 of 2 ready", await Node(page, "image_encoder").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(10, await page.Locator("path.edge").CountAsync());
        Assert.Equal(1, await page.Locator("path.edge.floats").CountAsync());
        Assert.Contains("(decoder → image_encoder | text_encoder → remote) → indexer → ranker ~ journal", await page.TextContentAsync("#endpoints"), StringComparison.Ordinal);
        Assert.Matches(@"Requests[\d.]+/s", await page.TextContentAsync("#totals"));
    }

    [ChromiumFact]
    public async Task A_chosen_executor_shows_its_options_without_secrets_its_charts_and_its_errors()
    {
        var page = await OpenAsync("flow");
        await Node(page, "decoder").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#details .pairs");

        var decoder = await page.TextContentAsync("#details");
        Assert.Contains("api_token***", decoder, StringComparison.Ordinal);
        Assert.DoesNotContain("not-for-everybody", await page.ContentAsync(), StringComparison.Ordinal);
        await page.WaitForFunctionAsync("() => document.querySelector('#charts polyline')?.getAttribute('points').includes(' ')");
        Assert.Equal(4, await page.Locator("#charts svg").CountAsync());

        await Node(page, "ranker").ClickAsync();
        await page.WaitForSelectorAsync("#last-errors li");
        Assert.Contains("cannot take <b>bad</b>", await page.TextContentAsync("#last-errors"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("#last-errors b").CountAsync());
    }

    [ChromiumFact]
    public async Task With_the_token_of_the_start_an_operator_scales_pauses_and_reloads()
    {
        var page = await OpenAsync("flow");
        await Node(page, "text_encoder").ClickAsync();
        await page.FillAsync("#details input[type=number]", "2");
        await page.ClickAsync("#details button[type=submit]");
        await page.FillAsync("#key input", "not the right one at all");
        await page.PressAsync("#key input", "Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('#key-title')?.textContent.includes('not valid')");
        await page.FillAsync("#key input", watched.AdminToken);
        await page.PressAsync("#key input", "Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('#action-message')?.textContent === '2 replicas serve.'");
        await page.WaitForFunctionAsync("() => document.querySelector('#replicas').textContent.includes('2 of 2')");

        await page.ClickAsync("#pause");
        await page.WaitForFunctionAsync("() => document.querySelector('#pause').textContent === 'Resume'");
        await page.WaitForSelectorAsync(".node.paused");
        await page.ClickAsync("#pause");
        await page.WaitForFunctionAsync("() => document.querySelector('#pause').textContent === 'Pause'");
        await page.ClickAsync("#reload");
        await page.WaitForFunctionAsync("() => document.querySelector('#action-message').textContent === 'The files are applied.'");
    }

    [ChromiumFact]
    public async Task Try_shows_documents_streams_and_failures_as_people_look_at_them()
    {
        var page = await OpenAsync("try");
        await TryAsync(page, "/search", WatchedFlow.Hostile);
        Assert.Equal(6, await page.Locator("#try-documents .document").CountAsync());
        Assert.Equal(WatchedFlow.Hostile, await page.Locator("#try-documents .text").First.TextContentAsync());
        Assert.Equal(0, await page.Locator("#try-documents img").CountAsync());

        await TryAsync(page, "/encode", "a");
        Assert.Equal(48, await page.Locator(".bars i").CountAsync());
        Assert.Contains("48 numbers", await page.GetAttributeAsync(".bars", "aria-label"), StringComparison.Ordinal);

        await TryAsync(page, "/words", "one two three");
        Assert.Equal(["one", "two", "three"], await page.Locator("#try-documents .text").AllTextContentsAsync());

        await TryAsync(page, "/run", "bad", isError: true);
        Assert.Contains("cannot take <b>bad</b>", await page.TextContentAsync("#try-message"), StringComparison.Ordinal);

        await page.FillAsync("#try-parameters", "{");
        await page.ClickAsync("#try-form button[type=submit]");
        await page.WaitForFunctionAsync("() => document.querySelector('#try-message').textContent.startsWith('Parameters:')");
        Assert.Null(await page.EvaluateAsync<string?>("() => document.body.dataset.broken ?? null"));
    }

    [ChromiumFact]
    public async Task Try_takes_files_and_shows_the_same_call_in_other_languages()
    {
        var page = await OpenAsync("try");
        await page.SelectOptionAsync("#try-kind", "files");
        await page.SetInputFilesAsync("#try-files", Repository.At("flows", "image-search", "pictures", "airplane.jpg"));
        await page.FillAsync("#try-endpoint", "/run");
        await page.ClickAsync("#try-form button[type=submit]");
        await page.WaitForSelectorAsync("#try-documents .document img");
        Assert.True(await page.EvaluateAsync<bool>("async () => { const image = document.querySelector('#try-documents img'); await image.decode(); return image.naturalWidth > 0; }"));

        await page.SelectOptionAsync("#try-kind", "text");
        await page.FillAsync("#try-text", "it's \"quoted\"");
        await page.WaitForFunctionAsync("() => document.querySelector('#snippets').textContent.includes('quoted')");
        var curl = await page.Locator("#snippets pre").First.TextContentAsync();
        var replied = await ShellAsync(curl!);

        Assert.Equal("it's \"quoted\"", (string?)JsonNode.Parse(replied)!["data"]![0]!["text"]);
        Assert.Contains("FlowClient", await page.TextContentAsync("#snippets"), StringComparison.Ordinal);
        Assert.Contains("urllib.request", await page.TextContentAsync("#snippets"), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task A_link_keeps_its_search_and_a_result_finds_more_like_it()
    {
        var page = await OpenAsync("search", "?q=green+pear");
        await page.WaitForSelectorAsync("#results li");
        Assert.Equal("green pear 0", await page.TextContentAsync("#results li:first-child .name"));
        Assert.Equal("1.000", await page.TextContentAsync("#results li:first-child .score"));

        await page.FillAsync("#query", "plum");
        await page.PressAsync("#query", "Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('#results .name')?.textContent === 'plum 0'");
        Assert.Contains("?q=plum", page.Url, StringComparison.Ordinal);
        await page.ClickAsync("#results li:nth-child(2) .picture");
        await page.WaitForFunctionAsync("() => document.querySelector('#results .name')?.textContent === 'plum 1 0'");
        await page.GoBackAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#results .name')?.textContent === 'plum 0'");

        await page.ClickAsync("#search-options summary");
        await page.FillAsync("#filter", "{not json");
        await page.PressAsync("#query", "Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('#message').textContent.startsWith('Filter:')");
    }

    [ChromiumFact]
    public async Task Examples_of_the_flow_are_searched_for_and_tried_by_a_click()
    {
        var page = await OpenAsync("search");
        Assert.Equal(["green pear", WatchedFlow.Hostile], await page.Locator("#search-examples button").AllTextContentsAsync());
        await page.Locator("#search-examples button").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('#results .name')?.textContent === 'green pear 0'");
        Assert.Contains("?q=green+pear", page.Url, StringComparison.Ordinal);
        Assert.Equal("green pear", await page.InputValueAsync("#query"));
        Assert.Equal("Eight executors, one of them elsewhere.", await page.TextContentAsync("#search-about"));

        await page.ClickAsync("#nav [data-view=try]");
        Assert.Equal("Eight executors, one of them elsewhere.", await page.TextContentAsync("#try-about"));
        Assert.Equal("green pear", await page.InputValueAsync("#try-text"));
        await page.SelectOptionAsync("#try-kind", "json");
        await page.Locator("#try-examples button").Nth(1).ClickAsync();
        Assert.Equal(("text", WatchedFlow.Hostile), (await page.InputValueAsync("#try-kind"), await page.InputValueAsync("#try-text")));
        Assert.Null(await page.EvaluateAsync<string?>("() => document.body.dataset.broken ?? null"));
    }

    [ChromiumFact]
    public async Task Requests_of_late_are_told_with_a_waterfall()
    {
        var page = await OpenAsync("requests");
        await page.WaitForSelectorAsync("#failed details");
        await page.WaitForSelectorAsync("#slowest details");
        await page.ClickAsync("#failed details:first-child summary");
        await page.WaitForSelectorAsync("#failed details[open] .waterfall li");

        var opened = page.Locator("#failed details[open]").First;
        Assert.Contains("Internal in ranker", await opened.Locator("summary").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("cannot take <b>bad</b>", await opened.TextContentAsync(), StringComparison.Ordinal);
        var hops = await opened.Locator(".hop").AllTextContentsAsync();
        Assert.Equal("gateway", hops[0]);
        Assert.Contains("ranker", hops);
        Assert.True(await opened.Locator(".track .failed").CountAsync() == 1);
        Assert.True(await page.EvaluateAsync<bool>("() => [...document.querySelectorAll('#failed details[open] .track i')].every(bar => bar.getBoundingClientRect().right <= bar.parentElement.getBoundingClientRect().right + 1)"));
    }

    [ChromiumFact]
    public async Task Views_are_reached_by_keyboard_and_by_their_links()
    {
        var page = await OpenAsync("flow");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("skip", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        foreach (var view in s_views[1..])
        {
            await page.FocusAsync($"#nav [data-view={view}]");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync($"[data-panel={view}]");
            Assert.EndsWith($"#/{view}", page.Url, StringComparison.Ordinal);
            Assert.Equal("page", await page.GetAttributeAsync($"#nav [data-view={view}]", "aria-current"));
        }

        await page.GoBackAsync();
        await page.WaitForSelectorAsync("[data-panel=search]");
    }

    [ChromiumFact]
    public async Task A_flow_without_a_search_shows_none()
    {
        using var folder = new TemporaryFolder();
        await using var flow = await RunningFlow.StartAsync(Repository.At("flows", "hello", "flow.yml"), folder.Path);
        var page = await _chromium!.Browser.NewPageAsync();
        await page.GotoAsync(flow.Address);
        await page.WaitForSelectorAsync(".node .title");

        Assert.False(await page.IsVisibleAsync("#nav [data-view=search]"));
        Assert.Equal("upper", await page.TextContentAsync(".node .title"));
    }

    [ChromiumFact]
    public async Task Every_view_is_without_a_violation_of_accessibility_in_light_and_dark_on_a_desk_and_a_phone()
    {
        var found = new List<string>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var (device, width, height) in new[] { ("desk", 1440, 900), ("phone", 390, 844) })
            {
                await using var context = await _chromium!.Browser.NewContextAsync(
                    new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = height } });
                var page = await context.NewPageAsync();
                foreach (var view in s_views)
                {
                    await page.GotoAsync($"{watched.Flow.Address}{(view == "search" ? "?q=pear" : "")}#/{view}");
                    await page.ReloadAsync();
                    await FillAsync(page, view);
                    var name = $"{view}-{device}-{(scheme == ColorScheme.Dark ? "dark" : "light")}";
                    found.AddRange((await page.RunAxe()).Violations.Select(violation => $"{name}: {violation.Id} {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
                    var wide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
                    if (wide > 0)
                    {
                        found.Add($"{name}: {wide} pixels wider than the window");
                    }

                    await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.At("artifacts", "screenshots", $"{name}.png"), FullPage = device == "phone" });
                }
            }
        }

        Assert.Empty(found);
    }

    private static ILocator Node(IPage page, string name) => page.Locator(".node", new PageLocatorOptions { Has = page.Locator(".title", new PageLocatorOptions { HasTextString = name }) }).First;

    private static async Task TryAsync(IPage page, string endpoint, string text, bool isError = false)
    {
        await page.FillAsync("#try-endpoint", endpoint);
        await page.DispatchEventAsync("#try-endpoint", "change");
        await page.FillAsync("#try-text", text);
        await page.ClickAsync("#try-form button[type=submit]");
        await page.WaitForFunctionAsync(isError
            ? "() => document.querySelector('#try-message.error')"
            : "() => / document(s)? in /.test(` ${document.querySelector('#try-message').textContent}`)");
    }

    /// <summary>Brings something into each view, as a person would have it before the eyes.</summary>
    private static async Task FillAsync(IPage page, string view)
    {
        switch (view)
        {
            case "flow":
                await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.rate')].some(label => parseFloat(label.textContent) > 0)");
                await Node(page, "ranker").ClickAsync();
                await page.WaitForSelectorAsync("#last-errors li");
                break;
            case "try":
                await TryAsync(page, "/search", "pear");
                await page.ClickAsync("#try-raw summary");
                break;
            case "search":
                await page.WaitForSelectorAsync("#results li");
                await page.ClickAsync("#search-options summary");
                break;
            default:
                await page.WaitForSelectorAsync("#slowest details");
                await page.ClickAsync("#failed details:first-child summary");
                await page.WaitForSelectorAsync("#failed .waterfall");
                break;
        }
    }

    private static async Task<string> ShellAsync(string command)
    {
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }

    private async Task<IPage> OpenAsync(string view, string query = "")
    {
        var page = await _chromium!.Browser.NewPageAsync();
        page.PageError += (_, error) => Assert.Fail(error);
        page.Console += (_, message) => Assert.False(message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal), message.Text);
        await page.GotoAsync($"{watched.Flow.Address}{query}#/{view}");
        await page.WaitForSelectorAsync($"[data-panel={view}]");
        return page;
    }
}
