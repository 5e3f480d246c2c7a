#include "ledger/plan/matrix.h"

#include "gtest/gtest.h"

namespace payfold {
namespace {

// Cells that pay 10 × row + column.
Matrix MatrixOf(std::vector<Rational> rows, std::vector<Rational> columns) {
  Matrix matrix;
  matrix.rows.edges = std::move(rows);
  matrix.columns.edges = std::move(columns);
  for (size_t i = 0; i <= matrix.rows.edges.size(); ++i) {
    matrix.cells.emplace_back();
    for (size_t j = 0; j <= matrix.columns.edges.size(); ++j) {
      matrix.cells[i].push_back({Matrix::Cell::Pay::kFixed, static_cast<int>(10 * i + j) + 11});
    }
  }
  return matrix;
}

TEST(MatrixTest, AnEdgeBelongsToTheUpperBandOnBothAxes) {
  const Matrix matrix = MatrixOf({Rational::Of(1, 2), 1}, {10});
  const struct {
    Rational row, column;
    int want;
  } kCases[] = {
      {-5, -5, 11},
      {0, 0, 11},
      {Rational::Of(49, 100), Rational::Of(99, 10), 11},
      {Rational::Of(1, 2), 0, 21},
      {Rational::Of(99, 100), 10, 22},
      {1, 9, 31},
      {1, 10, 32},
      {1000, 1000, 32},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(CellAt(matrix, c.row, c.column).value, Rational(c.want));
    const MatrixPlace want = {.row = c.want / 10, .column = c.want % 10};
    EXPECT_EQ(PlaceAt(matrix, c.row, c.column), want);
  }
}

TEST(MatrixTest, WithoutEdgesEverythingIsInOneBand) {
  const Matrix matrix = MatrixOf({}, {5});
  EXPECT_EQ(CellAt(matrix, -100, 4).value, Rational(11));
  EXPECT_EQ(CellAt(matrix, 100, 5).value, Rational(12));
}

// More of either never leads to a lower band.
TEST(MatrixPropertyTest, PlacesAscendWithTheirAxis) {
  const Matrix matrix = MatrixOf({-3, 0, 7, 8}, {1, 2});
  for (int x = -20; x < 20; ++x) {
    const MatrixPlace before = PlaceAt(matrix, Rational::Of(x, 2), Rational::Of(-x, 2));
    const MatrixPlace after = PlaceAt(matrix, Rational::Of(x + 1, 2), Rational::Of(-x - 1, 2));
    EXPECT_LE(before.row, after.row) << x;
    EXPECT_GE(before.column, after.column) << x;
  }
}

}  // namespace
}  // namespace payfold
