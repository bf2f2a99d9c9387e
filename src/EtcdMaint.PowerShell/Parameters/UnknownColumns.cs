using System.Management.Automation;
using System.Reflection;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Finds the columns of CSV or JSON records that a cmdlet does not read. PowerShell ignores them without a message, so
/// a misspelled column would have the same effect as no column.
/// </summary>
internal sealed class UnknownColumns
{
    private const string OnCommandLineOnly = "only as a parameter on the command line";

    /// <summary>The number of changed characters up to which a name counts as a misspelling of another one.</summary>
    private const int MostTypos = 2;

    private readonly Dictionary<string, bool> _parameters = new(StringComparer.OrdinalIgnoreCase);

    private readonly SortedDictionary<string, string> _found = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="cmdlet">The type of the cmdlet that reads the records.</param>
    public UnknownColumns(Type cmdlet)
    {
        foreach (PropertyInfo property in cmdlet.GetProperties())
        {
            ParameterAttribute[] declared = [.. property.GetCustomAttributes<ParameterAttribute>()];
            if (declared.Length == 0)
                continue;
            bool isRead = Array.Exists(declared, parameter => parameter.ValueFromPipelineByPropertyName);
            foreach (string name in property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [])
                _parameters[name] = isRead;
            _parameters[property.Name] = isRead;
        }
    }

    /// <summary>The warning; null if every column of every record is read.</summary>
    public string? Warning =>
        _found.Count == 0
            ? null
            : $"UnknownColumn: {(_found.Count == 1 ? "this column" : "these columns")} of the input "
                + $"{(_found.Count == 1 ? "has" : "have")} no effect: "
                + $"{string.Join(", ", _found.Select(column => $"{column.Key}{column.Value}"))}.";

    public void Read(PSObject record)
    {
        if (record.BaseObject is not PSCustomObject)
            return;
        foreach (string column in record.Properties.Select(property => property.Name))
        {
            if (!_parameters.TryGetValue(column, out bool isRead))
                _found[PlainText.Of(column)] = Similar(column) is { } meant ? $" (did you mean {meant}?)" : "";
            else if (!isRead)
                _found[PlainText.Of(column)] = $" ({OnCommandLineOnly})";
        }
    }

    private string? Similar(string column)
    {
        (string Name, int Typos) closest = _parameters
            .Where(parameter => parameter.Value)
            .Select(parameter => (parameter.Key, Distance(column.ToUpperInvariant(), parameter.Key.ToUpperInvariant())))
            .MinBy(candidate => candidate.Item2);
        return closest.Typos <= Math.Min(MostTypos, column.Length / 3) ? closest.Name : null;
    }

    /// <summary>Returns the number of characters to insert, remove or replace.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
