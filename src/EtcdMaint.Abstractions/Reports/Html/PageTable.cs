namespace EtcdMaint.Reports;

/// <summary>A table with a title; nothing if it has no rows.</summary>
internal static class PageTable
{
    /// <param name="title">The title above the table.</param>
    /// <param name="columns">The headers. A header that begins with # is that of a column of figures.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="row">Renders a row.</param>
    public static Html Render<T>(string title, string[] columns, IReadOnlyCollection<T> rows, Func<T, Html> row) =>
        Html.When(
            rows.Count > 0,
            () =>
                Html.Of(
                    $"""
                    <h3>{title}</h3>
                    <div class="scroll"><table>
                    <thead><tr>{Html.Join(columns.Select(Column))}</tr></thead>
                    <tbody>
                    {Html.Join(rows.Select(row))}
                    </tbody></table></div>

                    """
                )
        );

    private static Html Column(string title) =>
        title[0] == '#' ? Html.Of($"<th class=\"num\">{title[1..]}</th>") : Html.Of($"<th>{title}</th>");
}
