#include "ledger/plan/matrix.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "ledger/base/check.h"

namespace payfold {
namespace {

int BandOf(const std::vector<Rational>& edges, const Rational& x) {
  return static_cast<int>(std::upper_bound(edges.begin(), edges.end(), x) - edges.begin()) + 1;
}

}  // namespace

MatrixPlace PlaceAt(const Matrix& matrix, const Rational& row, const Rational& column) {
  return {.row = BandOf(matrix.rows.edges, row), .column = BandOf(matrix.columns.edges, column)};
}

const Matrix::Cell& CellAt(const Matrix& matrix, const Rational& row, const Rational& column) {
  const MatrixPlace place = PlaceAt(matrix, row, column);
  const size_t i = static_cast<size_t>(place.row) - 1;
  const size_t j = static_cast<size_t>(place.column) - 1;
  CHECK(i < matrix.cells.size() && j < matrix.cells[i].size());
  return matrix.cells[i][j];
}

}  // namespace payfold
