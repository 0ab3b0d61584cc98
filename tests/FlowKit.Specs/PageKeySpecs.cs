using FlowKit.Specs.Browsers;
using FlowKit.Specs.Running;
using Microsoft.Playwright;

namespace FlowKit.Specs;

/// <summary>The pages of a flow that has keys, in a real Chromium.</summary>
public sealed class PageKeySpecs : IDisposable
{
    private const string Key = "quince-medlar-and-sorb-apple-31";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public async Task The_pages_ask_for_a_key_and_forget_it()
    {
        _folder.File("Found.cs", """
            public sealed class Found : Executor
            {
                [Requests("/search")]
                public static void Find(DocumentArray docs, Parameters parameters) =>
                    docs[0].Matches.Add(new Document { Text = "a " + docs[0].Text });
            }
            """);
        var file = _folder.File("flow.yml", $"jtype: Flow\nwith:\n  api_keys: {Key}\nexecutors:\n  - name: found\n    uses: ./Found.cs\n");
        await using var flow = await RunningFlow.StartAsync(file, Path.Combine(_folder.Path, "workspace"));
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.Browser.NewPageAsync();
        await page.GotoAsync(flow.Address);

        await GiveAsync(page, "a wrong one");
        await page.WaitForFunctionAsync("() => document.querySelector('#key-title')?.textContent.includes('not valid')");
        await GiveAsync(page, Key);
        await SearchAsync(page);
        await page.WaitForSelectorAsync("#results li");

        Assert.Equal("a pear", await page.TextContentAsync("#results li:first-child .name"));
        Assert.Equal(0, await page.EvaluateAsync<int>("() => localStorage.length + sessionStorage.length + document.cookie.length"));

        await page.GotoAsync(flow.Address.TrimEnd('/') + "/docs");
        await GiveAsync(page, Key);
        await page.WaitForSelectorAsync("details");

        await page.GotoAsync(flow.Address);
        await page.WaitForSelectorAsync("#key");
        await page.PressAsync("#key", "Escape");
        await page.WaitForSelectorAsync("#problem:not([hidden])");

        Assert.Contains("API key", await page.TextContentAsync("#problem"), StringComparison.Ordinal);
    }

    private static async Task SearchAsync(IPage page)
    {
        await page.FillAsync("#query", "pear");
        await page.PressAsync("#query", "Enter");
    }

    private static async Task GiveAsync(IPage page, string key)
    {
        await page.FillAsync("#key input", key);
        await page.PressAsync("#key input", "Enter");
    }
}
