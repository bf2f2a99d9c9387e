using System.Text.RegularExpressions;
using System.Xml.Linq;
using EtcdMaint.Reports;

namespace EtcdMaint.Engine.Tests.Reports;

/// <summary>The content of the page: it shows the important facts, and no text of a cluster becomes markup.</summary>
public sealed class HtmlReportTests
{
    private static readonly DateTimeOffset CreatedAt = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void One_cluster_shows_the_result_first_and_the_details_below()
    {
        XElement page = Render(SampleReports.Rescued);
        string text = Text(page);
        Assert.Equal("prod <eu> Succeeded", Text(page.Descendants("h1").Single()));
        Assert.Equal(
            [
                "Members",
                "Largest resources",
                "Timeline",
                "Steps",
                "Defragmentation",
                "Lost leases",
                "Compaction",
                "Alarms",
                "Snapshot",
                "Findings",
            ],
            page.Descendants("h3").Select(Text)
        );
        Assert.Contains("5.7 GB returned to the disks", text, StringComparison.Ordinal);
        Assert.Contains("6.40 s longest pause of one member (m3)", text, StringComparison.Ordinal);
        Assert.Contains("38 ms slowest read on the other members during the pauses", text, StringComparison.Ordinal);
        Assert.Contains("1 alarm cleared", text, StringComparison.Ordinal);
        Assert.Contains("m3 → m1 1 change of leader", text, StringComparison.Ordinal);
        Assert.Contains(
            "identical data of 2 voters up to revision 812,903 (hash 7b13f4c5)",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("Log of the run (2 lines)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lost_leases_are_shown_with_their_holders_and_counted()
    {
        XElement page = Render(SampleReports.Rescued);
        Assert.Contains("1 lease lost of 2", Text(page), StringComparison.Ordinal);
        XElement table = page.Descendants("table")
            .Single(t => Text(t).StartsWith("Lease Lost by", StringComparison.Ordinal));
        Assert.Equal(
            [$"kube-system/{SampleReports.EvilName}", "node-2_b", "released", "4", "m1"],
            table.Element("tbody")!.Element("tr")!.Elements().Select(Text)
        );
    }

    [Fact]
    public void A_run_that_lost_no_lease_says_so_and_has_no_table()
    {
        EtcdLease lease = new()
        {
            Namespace = "kube-system",
            Name = "kube-scheduler",
            Holder = "a",
        };
        EtcdMaintenanceReport all = new()
        {
            ClusterName = "a",
            LeaseBefore = [.. Enumerable.Repeat(lease, 30)],
            LeaseLost = [],
            Error = ["A: b"],
        };
        Assert.Contains("no lease lost of 30", Text(Render(all)), StringComparison.Ordinal);
        Assert.DoesNotContain("Lost leases", Text(Render(all)), StringComparison.Ordinal);
        EtcdMaintenanceReport none = new()
        {
            ClusterName = "a",
            LeaseBefore = [],
            LeaseLost = [],
            Error = ["A: b"],
        };
        Assert.DoesNotContain("lease", Text(Render(none)), StringComparison.Ordinal);
        EtcdMaintenanceReport unknown = new() { ClusterName = "a", Error = ["A: b"] };
        Assert.DoesNotContain("lease", Text(Render(unknown)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_line_and_several_lines_of_a_log_are_counted_correctly()
    {
        EtcdMaintenanceReport one = new()
        {
            ClusterName = "a",
            Event = [new EtcdMaintenanceEvent { Message = "began" }],
            Error = ["A: b"],
        };
        Assert.Contains("Log of the run (1 line)", Text(Render(one)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreachable_cluster_has_a_section_and_follows_the_failed_ones()
    {
        EtcdMaintenanceReport[] reports =
        [
            SampleReports.Calm,
            new EtcdMaintenanceReport
            {
                ClusterName = "dead",
                Status = EtcdMaintenanceStatus.Unreachable,
                Reason = "https://10.0.0.1:2379 refused the connection.",
                Error = ["EndpointRefused: https://10.0.0.1:2379 refused the connection."],
            },
            SampleReports.Dead,
        ];
        XElement page = Render(reports);
        XElement[] rows = [.. page.Descendants("tbody").First().Elements("tr")];
        Assert.StartsWith("dead Unreachable https://10.0.0.1:2379 refused", Text(rows[1]), StringComparison.Ordinal);
        Assert.Contains("badge bad", rows[1].ToString(), StringComparison.Ordinal);
        Assert.Contains("1 Unreachable", Text(page), StringComparison.Ordinal);
        Assert.Contains("etcd maintenance of 3 clusters", Text(page), StringComparison.Ordinal);
        Assert.Contains(page.Descendants("summary"), summary => Text(summary) == "dead Unreachable");
    }

    [Fact]
    public void The_bars_are_proportional_to_the_sizes()
    {
        XElement[] members = [.. With(Render(SampleReports.Rescued), "member")];
        Assert.Equal(3, members.Length);
        XElement[] bars = [.. With(members[0], "bar")];
        Assert.Equal(2, bars.Length);

        // The file of 2,150 MB is over the quota of 2,147 MB and sets the scale.
        double scale = 1.02 * 2_150_000_000;
        Assert.Equal(100 * 214e6 / scale, Style(bars[0], "use", "width"), 0.01);
        Assert.Equal(100 * 1936e6 / scale, Style(bars[0], "free", "width"), 0.01);
        Assert.Equal(100 * 2147483648.0 / scale, Style(bars[0], "quota", "left"), 0.01);
        Assert.Equal(100 * 16e6 / scale, Style(bars[1], "free", "width"), 0.01);
    }

    [Fact]
    public void The_largest_resources_are_bars_in_proportion_to_the_largest_one()
    {
        XElement page = Render(SampleReports.Rescued);
        XElement[] rows = [.. With(page, "resource")];
        Assert.Equal(
            [
                "events /registry/events/ 60 % 120 MB 120,000 keys",
                $"{SampleReports.EvilName} /registry/{SampleReports.EvilName}/ 30 % 60 MB 1 key",
                "/calico/ 0 % 15 kB 300 keys",
            ],
            rows.Select(Text)
        );
        Assert.Equal([100, 50, 0.01], rows.Select(row => Style(row, "use", "width")));
        Assert.Contains(
            "without history and free pages, estimated from a sample.",
            Text(page),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_report_without_them_has_no_such_section()
    {
        XElement page = Render(SampleReports.Calm);
        Assert.Empty(With(page, "resource"));
        Assert.DoesNotContain("resources", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public void The_timeline_shows_each_step_and_pause_at_its_time()
    {
        XElement[] lanes =
        [
            .. With(Render(SampleReports.Rescued), "lane").Where(lane => !Class(lane).Contains("axis")),
        ];
        Assert.Equal(
            ["Health", "Snapshot", "Compaction", "Defrag", SampleReports.EvilName, "m1", "m3", "Alarm", "Verification"],
            lanes.Select(lane => Text(lane.Element("span")!))
        );
        Assert.Equal(100 * 28.1 / 41.5, Style(lanes[6], "block", "left"), 0.01);
        Assert.Equal(100 * 6.4 / 41.5, Style(lanes[6], "block", "width"), 0.01);
        Assert.Contains("unavailable for 6.40 s, leadership moved", Text(lanes[6]), StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_are_shown_as_gone_still_there_or_new()
    {
        XElement table = Render(SampleReports.Rescued)
            .Descendants("table")
            .Single(t => Text(t).Contains("Recommended action", StringComparison.Ordinal));
        Assert.Equal(
            ["NoSpaceArmed resolved", "CertificateExpiring remains", "Learner new"],
            table
                .Element("tbody")!
                .Elements("tr")
                .Select(row => $"{Text(row.Descendants("b").Single())} {Text(row.Elements("td").ElementAt(2))}")
        );
    }

    [Fact]
    public void Many_clusters_start_with_a_summary_that_lists_failures_first()
    {
        XElement page = Render(SampleReports.All);
        XElement summary = page.Descendants("table").First();
        Assert.Equal(
            ["edge-7 Failed", "edge-8 Not attempted", "prod <eu> Succeeded", "staging Nothing to do"],
            summary
                .Element("tbody")!
                .Elements("tr")
                .Select(row => $"{Text(row.Element("th")!)} {Text(row.Elements("td").First())}")
        );
        string[] targets = [.. summary.Descendants("a").Select(a => a.Attribute("href")!.Value.TrimStart('#'))];
        Assert.Equal(
            targets,
            page.Descendants("details").Where(d => Class(d).Contains("cluster")).Select(d => d.Attribute("id")!.Value)
        );
        Assert.Contains(
            "EndpointRefused: https://10.0.7.1:2379 refused the connection.",
            Text(page.Descendants("ul").Single()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void No_text_of_a_cluster_becomes_markup_and_nothing_is_downloaded()
    {
        string html = ReportPage.Render(SampleReports.All, CreatedAt).ToString();
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(&#39;m2&#39;)&lt;/script&gt;&quot;&amp;", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(new Regex("(src|href)=\"(?!#)|url\\(|@import", RegexOptions.IgnoreCase), html);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_did_not_answer_have_a_text_instead_of_a_bar()
    {
        string text = Text(Render(SampleReports.Calm));
        Assert.Contains("f2 no answer not reached", text, StringComparison.Ordinal);
        Assert.Contains("now unknown", text, StringComparison.Ordinal);
        Assert.Contains("the quota is beyond this scale", text, StringComparison.Ordinal);
    }

    /// <summary>
    /// The page is well-formed XML except for its first line and its void elements, so it can be parsed easily.
    /// </summary>
    private static XElement Render(params EtcdMaintenanceReport[] reports)
    {
        string html = ReportPage
            .Render(reports, CreatedAt)
            .ToString()
            .Replace("<!DOCTYPE html>", "", StringComparison.Ordinal);
        html = Regex
            .Replace(html, "<(meta[^>]*|br)>", "<$1/>")
            .Replace(" open>", " open=\"\">", StringComparison.Ordinal);
        return XElement.Parse(html, LoadOptions.PreserveWhitespace);
    }

    private static IEnumerable<XElement> With(XElement root, string name) =>
        root.Descendants().Where(e => Class(e).Contains(name));

    private static string[] Class(XElement element) => element.Attribute("class")?.Value.Split(' ') ?? [];

    private static string Text(XElement element) =>
        Regex
            .Replace(
                string.Join(
                    ' ',
                    element.DescendantNodes().OfType<XText>().Where(t => t.Parent!.Name != "style").Select(t => t.Value)
                ),
                @"\s+",
                " "
            )
            .Trim();

    private static double Style(XElement root, string name, string property) =>
        double.Parse(
            Regex
                .Match(With(root, name).Single().Attribute("style")!.Value, $@"(?:^|;){property}:([\d.]+)%")
                .Groups[1]
                .Value,
            System.Globalization.CultureInfo.InvariantCulture
        );
}
